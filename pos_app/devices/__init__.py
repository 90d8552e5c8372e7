"""The till's devices: cameras, pictures and scanners become plain values; nothing here decides or draws.

Rule: no Qt, no journal, no selling. OpenCV, zxing-cpp, pyzbar, Pillow and pyserial are imported on first use.
"""
