"""Power cuts, cut connections and repeated deliveries: everything converges, nothing is lost or doubled."""
