<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es_ES" sourcelanguage="en">
<context>
    <name></name>
    <message id="about.currency">
        <source>Currency</source>
        <translation>Moneda</translation>
    </message>
    <message id="about.store">
        <source>Store</source>
        <translation>Tienda</translation>
    </message>
    <message id="about.terminal">
        <source>Terminal</source>
        <translation>Caja</translation>
    </message>
    <message id="about.version">
        <source>Version</source>
        <translation>Versión</translation>
    </message>
    <message id="about.zone">
        <source>Time zone</source>
        <translation>Zona horaria</translation>
    </message>
    <message id="action.cash">
        <source>Change the amount</source>
        <translation>Cambiar lo recibido</translation>
    </message>
    <message id="action.create_member">
        <source>Create a member</source>
        <translation>Crear socio</translation>
    </message>
    <message id="action.lock">
        <source>Sign in</source>
        <translation>Entrar</translation>
    </message>
    <message id="action.open_shift">
        <source>Open a shift</source>
        <translation>Abrir turno</translation>
    </message>
    <message id="action.orders">
        <source>Reprint in Orders</source>
        <translation>Reimprimir en Pedidos</translation>
    </message>
    <message id="action.outbox">
        <source>See the slips</source>
        <translation>Ver tiques</translation>
    </message>
    <message id="action.phone">
        <source>Use the phone number</source>
        <translation>Usar el teléfono</translation>
    </message>
    <message id="action.refresh">
        <source>Refresh</source>
        <translation>Actualizar</translation>
    </message>
    <message id="action.refund">
        <source>See the refund</source>
        <translation>Ver el reembolso</translation>
    </message>
    <message id="action.scan">
        <source>Scan again</source>
        <translation>Leer otra vez</translation>
    </message>
    <message id="action.sell_pass">
        <source>Sell a pass</source>
        <translation>Vender bono</translation>
    </message>
    <message id="action.set_aside">
        <source>Show this till&apos;s code</source>
        <translation>Ver el código de esta caja</translation>
    </message>
    <message id="action.tender">
        <source>Another tender</source>
        <translation>Otro medio de pago</translation>
    </message>
    <message id="add_on.free">
        <source>free</source>
        <translation>gratis</translation>
    </message>
    <message id="add_ons.for">
        <source>Add-ons · {name}</source>
        <translation>Extras · {name}</translation>
    </message>
    <message id="altered.detail">
        <source>Keep selling: sales are recorded and handed in as usual. Redemptions without a network are off. Head office is told; call them.</source>
        <translation>Siga vendiendo: las ventas se registran y entregan como siempre. Sin red no se puede canjear. La central recibe el aviso; llámela.</translation>
    </message>
    <message id="altered.title">
        <source>This till&apos;s records were changed, or are not those that head office has</source>
        <translation>Los registros de esta caja se han cambiado o no son los que tiene la central</translation>
    </message>
    <message id="approval.back">
        <source>Back</source>
        <translation>Volver</translation>
    </message>
    <message id="approval.submit">
        <source>Approve</source>
        <translation>Autorizar</translation>
    </message>
    <message id="approval.title">
        <source>A manager&apos;s PIN, please</source>
        <translation>PIN de un responsable</translation>
    </message>
    <message id="camera.folder">
        <source>Picture folder</source>
        <translation>Carpeta de imágenes</translation>
    </message>
    <message id="camera.none">
        <source>No camera</source>
        <translation>Sin cámara</translation>
    </message>
    <message id="camera.number">
        <source>Camera {n}</source>
        <translation>Cámara {n}</translation>
    </message>
    <message id="camera.spoken">
        <source>Camera picture</source>
        <translation>Imagen de la cámara</translation>
    </message>
    <message id="card.after">
        <source>Balance after</source>
        <translation>Saldo después</translation>
    </message>
    <message id="card.aside">
        <source>Now a code pays</source>
        <translation>Ahora un código paga</translation>
    </message>
    <message id="card.aside.detail">
        <source>The next code scanned pays this order.</source>
        <translation>El próximo código paga este pedido.</translation>
    </message>
    <message id="card.ask">
        <source>Ask for the member&apos;s code</source>
        <translation>Pida el código del socio</translation>
    </message>
    <message id="card.ask.detail">
        <source>Hold it to the camera, use the scanner, or paste it below. It is valid for 15 minutes, once.</source>
        <translation>Acérquelo a la cámara, use el lector o péguelo abajo. Vale 15 minutos y una sola vez.</translation>
    </message>
    <message id="card.back">
        <source>Another tender</source>
        <translation>Otro medio de pago</translation>
    </message>
    <message id="card.balance">
        <source>Balance now</source>
        <translation>Saldo actual</translation>
    </message>
    <message id="card.code">
        <source>Member code</source>
        <translation>Código del socio</translation>
    </message>
    <message id="card.discount">
        <source>Discount · {rate}</source>
        <translation>Descuento · {rate}</translation>
    </message>
    <message id="card.discount.asked">
        <source>by head office</source>
        <translation>lo fija la central</translation>
    </message>
    <message id="card.discount.none">
        <source>Discount</source>
        <translation>Descuento</translation>
    </message>
    <message id="card.enter">
        <source>Enter</source>
        <translation>Aceptar</translation>
    </message>
    <message id="card.from_set_aside">
        <source>Paid from what is set aside here; no network needed.</source>
        <translation>Se paga de lo reservado aquí; no hace falta red.</translation>
    </message>
    <message id="card.instead">
        <source>The free balance is too small; money is set aside here</source>
        <translation>No alcanza el saldo libre; hay dinero reservado aquí</translation>
    </message>
    <message id="card.instead.detail">
        <source>Nothing was charged. Confirm to take it from what is set aside.</source>
        <translation>No se ha cobrado nada. Confirme para usar lo reservado.</translation>
    </message>
    <message id="card.new_total">
        <source>Head office&apos;s total: {amount}</source>
        <translation>Total según la central: {amount}</translation>
    </message>
    <message id="card.new_total.detail">
        <source>Price {before}. Nothing was charged yet; confirm again.</source>
        <translation>Antes {before}. No se ha cobrado nada; confirme otra vez.</translation>
    </message>
    <message id="card.other">
        <source>Another card</source>
        <translation>Otra tarjeta</translation>
    </message>
    <message id="card.placeholder">
        <source>Code (20 characters)</source>
        <translation>Código (20 caracteres)</translation>
    </message>
    <message id="card.points">
        <source>Points</source>
        <translation>Puntos</translation>
    </message>
    <message id="card.raw">
        <source>Price</source>
        <translation>Precio</translation>
    </message>
    <message id="card.set_aside">
        <source>Set aside here</source>
        <translation>Reservado aquí</translation>
    </message>
    <message id="card.short">
        <source>The balance may not be enough</source>
        <translation>Quizá no haya saldo suficiente</translation>
    </message>
    <message id="card.short.detail">
        <source>Head office decides; if it is too little, nothing is charged.</source>
        <translation>Decide la central; si no alcanza, no se cobra nada.</translation>
    </message>
    <message id="card.title">
        <source>Pay by card balance</source>
        <translation>Pago con saldo</translation>
    </message>
    <message id="card.total">
        <source>To charge</source>
        <translation>A cobrar</translation>
    </message>
    <message id="card.unknown">
        <source>Company card, or a new member</source>
        <translation>Tarjeta de empresa o socio nuevo</translation>
    </message>
    <message id="card.unknown.detail">
        <source>This till does not know the card</source>
        <translation>Esta caja no conoce la tarjeta</translation>
    </message>
    <message id="card.unknown.price">
        <source>Its price is asked first</source>
        <translation>Primero se pregunta el precio</translation>
    </message>
    <message id="card.unknown.price.detail">
        <source>If the card has a discount, the new total is shown and confirmed again before anything is charged.</source>
        <translation>Si la tarjeta tiene descuento, verá el nuevo total y confirmará otra vez antes de cobrar.</translation>
    </message>
    <message id="cart.clear">
        <source>Empty basket</source>
        <translation>Vaciar pedido</translation>
    </message>
    <message id="cart.due">
        <source>Due</source>
        <translation>A cobrar</translation>
    </message>
    <message id="cart.empty">
        <source>Nothing here yet</source>
        <translation>Pedido vacío</translation>
    </message>
    <message id="cart.empty.detail">
        <source>Tap a product to add it</source>
        <translation>Toque un producto para añadirlo</translation>
    </message>
    <message id="cart.hold">
        <source>Hold basket (F10)</source>
        <translation>Aparcar pedido (F10)</translation>
    </message>
    <message id="cart.title">
        <source>Basket</source>
        <translation>Pedido</translation>
    </message>
    <message id="cart.uses">
        <source>Pass</source>
        <translation>Usos del bono</translation>
    </message>
    <message id="cart.uses.none">
        <source>{left} left</source>
        <translation>Saldo: {left}</translation>
    </message>
    <message id="cart.uses.value">
        <source>−{used} ({left} left)</source>
        <translation>−{used} (quedan {left})</translation>
    </message>
    <message id="cart.zero">
        <source>Nothing to pay: just confirm</source>
        <translation>Canje sin coste: no hay nada que cobrar</translation>
    </message>
    <message id="carts.back">
        <source>The basket is still here</source>
        <translation>La cesta sigue aquí</translation>
    </message>
    <message id="carts.back.detail">
        <source>It was not paid when the program ended. Check it with the customer.</source>
        <translation>No estaba cobrada cuando se cerró el programa. Compruébela con el cliente.</translation>
    </message>
    <message id="carts.recorded">
        <source>Recorded last: {what}</source>
        <translation>Último registro: {what}</translation>
    </message>
    <message id="carts.recorded.detail">
        <source>It was recorded before the program ended. Do not do it again; its paper is under Orders.</source>
        <translation>Quedó registrado antes de cerrarse el programa. No lo repita; su papel está en Pedidos.</translation>
    </message>
    <message id="cash.change">
        <source>Change</source>
        <translation>Cambio</translation>
    </message>
    <message id="cash.done">
        <source>Done</source>
        <translation>Listo</translation>
    </message>
    <message id="cash.exact">
        <source>Exact</source>
        <translation>Exacto</translation>
    </message>
    <message id="cash.excess">
        <source>{amount} change: check the amount</source>
        <translation>Cambio de {amount}: revise el importe</translation>
    </message>
    <message id="cash.line">
        <source>Received {received} · Change {change}</source>
        <translation>Recibido {received} · Cambio {change}</translation>
    </message>
    <message id="cash.received">
        <source>Received</source>
        <translation>Recibido</translation>
    </message>
    <message id="cash.rest">
        <source>The rest with another tender</source>
        <translation>El resto con otro medio</translation>
    </message>
    <message id="cash.short">
        <source>{amount} short</source>
        <translation>Faltan {amount}</translation>
    </message>
    <message id="cash.title">
        <source>Cash</source>
        <translation>Cobro en efectivo</translation>
    </message>
    <message id="centre.buy">
        <source>Buy</source>
        <translation>Comprar</translation>
    </message>
    <message id="centre.member.detail">
        <source>Then the member&apos;s passes are here.</source>
        <translation>Después verá aquí sus bonos.</translation>
    </message>
    <message id="centre.redeem">
        <source>Redeem</source>
        <translation>Canjear</translation>
    </message>
    <message id="centre.redeem.detail">
        <source>The checkout opens with the pass chosen.</source>
        <translation>Se abre el cobro con ese bono elegido.</translation>
    </message>
    <message id="centre.redeem.prompt">
        <source>Choose a pass</source>
        <translation>Elija un bono</translation>
    </message>
    <message id="check.again">
        <source>Check again</source>
        <translation>Comprobar otra vez</translation>
    </message>
    <message id="check.busy">
        <source>Checking…</source>
        <translation>Comprobando…</translation>
    </message>
    <message id="check.catalogue">
        <source>Products and staff</source>
        <translation>Productos y personal</translation>
    </message>
    <message id="check.clock">
        <source>This till&apos;s clock was {span} off; it goes by the server&apos;s from now on.</source>
        <translation>El reloj de la caja difería {span}; desde ahora sigue al del servidor.</translation>
    </message>
    <message id="check.code.arrived">
        <source>Arrived: {what}</source>
        <translation>Ha llegado: {what}</translation>
    </message>
    <message id="check.code.bad">
        <source>Not read</source>
        <translation>No leído</translation>
    </message>
    <message id="check.code.foreign">
        <source>{text}</source>
        <translation>{text}</translation>
    </message>
    <message id="check.code.good">
        <source>Reads well</source>
        <translation>Lectura correcta</translation>
    </message>
    <message id="check.code.none">
        <source>Waiting for a code</source>
        <translation>Esperando un código</translation>
    </message>
    <message id="check.code.prompt">
        <source>Scan any code now, with the camera or a hand scanner.</source>
        <translation>Lea ahora cualquier código, con la cámara o con un lector.</translation>
    </message>
    <message id="check.code.short">
        <source>a member&apos;s code, {n} characters</source>
        <translation>un código de socio, {n} caracteres</translation>
    </message>
    <message id="check.code.slip">
        <source>a slip&apos;s code, {text}</source>
        <translation>un código de tique, {text}</translation>
    </message>
    <message id="check.code.snapshot">
        <source>a member&apos;s offline code, {n} characters</source>
        <translation>un código de socio sin red, {n} caracteres</translation>
    </message>
    <message id="check.detail">
        <source>Everything is looked at by itself. You can sell at any time.</source>
        <translation>Todo se comprueba solo. Puede vender en cualquier momento.</translation>
    </message>
    <message id="check.disk">
        <source>Disk</source>
        <translation>Disco</translation>
    </message>
    <message id="check.disk.full">
        <source>Full</source>
        <translation>Lleno</translation>
    </message>
    <message id="check.disk.full.detail">
        <source>Free some space now: without it no sale can be recorded.</source>
        <translation>Libere espacio ahora: sin él no se puede registrar ninguna venta.</translation>
    </message>
    <message id="check.disk.low">
        <source>Free some space soon: records of sales need room.</source>
        <translation>Libere espacio pronto: los registros de venta lo necesitan.</translation>
    </message>
    <message id="check.go">
        <source>Start selling</source>
        <translation>Empezar a vender</translation>
    </message>
    <message id="check.journal">
        <source>Records</source>
        <translation>Registros</translation>
    </message>
    <message id="check.journal.bad">
        <source>Changed</source>
        <translation>Alterados</translation>
    </message>
    <message id="check.journal.good">
        <source>Sound</source>
        <translation>En orden</translation>
    </message>
    <message id="check.journal.read" numerus="yes">
        <source>Read through: {n} records.</source>
        <translation>
            <numerusform>Leído entero: {n} registro.</numerusform>
            <numerusform>Leídos enteros: {n} registros.</numerusform>
        </translation>
    </message>
    <message id="check.loaded">
        <source>Complete</source>
        <translation>Completo</translation>
    </message>
    <message id="check.loaded.detail">
        <source>Products: {products} · staff: {staff} · members: {members}</source>
        <translation>Productos: {products} · personal: {staff} · socios: {members}</translation>
    </message>
    <message id="check.loading">
        <source>Loading</source>
        <translation>Descargando</translation>
    </message>
    <message id="check.loading.detail" numerus="yes">
        <source>{n} records so far; it goes on by itself as long as the server answers.</source>
        <translation>
            <numerusform>{n} registro hasta ahora; sigue solo mientras el servidor responda.</numerusform>
            <numerusform>{n} registros hasta ahora; sigue solo mientras el servidor responda.</numerusform>
        </translation>
    </message>
    <message id="check.missing">
        <source>You can sell all the same</source>
        <translation>Puede vender igualmente</translation>
    </message>
    <message id="check.no_products">
        <source>Nothing on sale</source>
        <translation>Nada a la venta</translation>
    </message>
    <message id="check.no_products.detail">
        <source>Head office has put nothing on sale in this store yet.</source>
        <translation>La central aún no ha puesto nada a la venta en esta tienda.</translation>
    </message>
    <message id="check.no_staff">
        <source>Nobody can sign in</source>
        <translation>Nadie puede entrar</translation>
    </message>
    <message id="check.no_staff.detail">
        <source>Head office has nobody for this store yet; ask them to add staff with a PIN.</source>
        <translation>La central aún no tiene a nadie en esta tienda; pida que añadan personal con PIN.</translation>
    </message>
    <message id="check.printer">
        <source>Printer</source>
        <translation>Impresora</translation>
    </message>
    <message id="check.printer.good">
        <source>Slips come out at once.</source>
        <translation>Los tiques salen al momento.</translation>
    </message>
    <message id="check.scanner">
        <source>Scanner</source>
        <translation>Lector</translation>
    </message>
    <message id="check.server">
        <source>Server</source>
        <translation>Servidor</translation>
    </message>
    <message id="check.server.bad">
        <source>No answer</source>
        <translation>No responde</translation>
    </message>
    <message id="check.server.good">
        <source>Answers</source>
        <translation>Responde</translation>
    </message>
    <message id="check.server.quick">
        <source>Answered in {n} ms; the clocks agree.</source>
        <translation>Ha respondido en {n} ms; los relojes coinciden.</translation>
    </message>
    <message id="check.size">
        <source>{n} GB free</source>
        <translation>{n} GB libres</translation>
    </message>
    <message id="check.title">
        <source>Check of this till</source>
        <translation>Comprobación de la caja</translation>
    </message>
    <message id="check.unknown">
        <source>Not known</source>
        <translation>No se sabe</translation>
    </message>
    <message id="check.without.printer">
        <source>Without a printer slips wait in line.</source>
        <translation>Sin impresora los tiques esperan en cola.</translation>
    </message>
    <message id="check.without.scanner">
        <source>Without a camera use a hand scanner or the phone number.</source>
        <translation>Sin cámara use un lector o el teléfono.</translation>
    </message>
    <message id="check.without.server">
        <source>Without the server sales are recorded here and sent later.</source>
        <translation>Sin servidor las ventas se registran aquí y se envían después.</translation>
    </message>
    <message id="check.without.staff">
        <source>Nobody can sign in until the staff list is here.</source>
        <translation>Nadie puede entrar hasta que llegue la lista de personal.</translation>
    </message>
    <message id="chip.held">
        <source>{n} held</source>
        <translation>{n} retenidos</translation>
    </message>
    <message id="chip.held.spoken">
        <source>{n} records wait for a person at head office</source>
        <translation>{n} registros esperan revisión de la central</translation>
    </message>
    <message id="chip.held_and_pending">
        <source>{held} held · {n} to send</source>
        <translation>{held} retenidos · {n} por enviar</translation>
    </message>
    <message id="chip.held_and_pending.spoken">
        <source>{held} records wait for a person at head office, {n} wait to be sent, the oldest for {age}</source>
        <translation>{held} registros esperan revisión de la central y {n} por enviar; el más antiguo espera {age}</translation>
    </message>
    <message id="chip.offline">
        <source>Offline {span}</source>
        <translation>Sin red {span}</translation>
    </message>
    <message id="chip.offline.spoken">
        <source>Offline for {span}. {rule}</source>
        <translation>Sin conexión desde hace {span}. {rule}</translation>
    </message>
    <message id="chip.online">
        <source>Online</source>
        <translation>En línea</translation>
    </message>
    <message id="chip.online.spoken">
        <source>Connected to the head office server</source>
        <translation>Conectado con el servidor central</translation>
    </message>
    <message id="chip.paused">
        <source>Sync paused</source>
        <translation>En pausa</translation>
    </message>
    <message id="chip.pending">
        <source>{n} to send · {age}</source>
        <translation>{n} por enviar · {age}</translation>
    </message>
    <message id="chip.pending.spoken">
        <source>{n} records wait to be sent, the oldest for {age}</source>
        <translation>{n} registros por enviar; el más antiguo espera {age}</translation>
    </message>
    <message id="chip.printer">
        <source>Printer: {state}</source>
        <translation>Impresora: {state}</translation>
    </message>
    <message id="chip.refused">
        <source>Not accepted</source>
        <translation>No aceptada</translation>
    </message>
    <message id="chip.refused.spoken">
        <source>The head office server does not accept this till. {why}</source>
        <translation>El servidor central no acepta esta caja. {why}</translation>
    </message>
    <message id="chip.scanner">
        <source>Scanner: {state}</source>
        <translation>Lector: {state}</translation>
    </message>
    <message id="chip.synced">
        <source>Synced</source>
        <translation>Al día</translation>
    </message>
    <message id="chip.synced.spoken">
        <source>Head office has every record</source>
        <translation>Todo está en la central</translation>
    </message>
    <message id="confirm.busy">
        <source>Recording…</source>
        <translation>Registrando…</translation>
    </message>
    <message id="confirm.charge">
        <source>Charge {amount} to the card</source>
        <translation>Cobrar {amount} del saldo</translation>
    </message>
    <message id="confirm.charge.busy">
        <source>Asking head office…</source>
        <translation>Consultando a la central…</translation>
    </message>
    <message id="confirm.charge.empty">
        <source>Scan the card code</source>
        <translation>Escanee el código</translation>
    </message>
    <message id="confirm.record">
        <source>Record {amount} received</source>
        <translation>Registrar {amount} ya cobrado</translation>
    </message>
    <message id="confirm.redeem" numerus="yes">
        <source>Redeem {n} uses</source>
        <translation>
            <numerusform>Canjear {n} uso</numerusform>
            <numerusform>Canjear {n} usos</numerusform>
        </translation>
    </message>
    <message id="confirm.redeem.empty">
        <source>Choose a product</source>
        <translation>Elija un producto</translation>
    </message>
    <message id="confirm.redeem.paid">
        <source>Take {amount}, redeem {n}</source>
        <translation>Cobrar {amount} y canjear {n}</translation>
    </message>
    <message id="confirm.refund">
        <source>Refund {amount}</source>
        <translation>Reembolsar {amount}</translation>
    </message>
    <message id="confirm.refund.amount">
        <source>Enter an amount</source>
        <translation>Indique el importe</translation>
    </message>
    <message id="confirm.refund.amount.wrong">
        <source>Check the amount</source>
        <translation>Revise el importe</translation>
    </message>
    <message id="confirm.refund.busy">
        <source>Asking head office…</source>
        <translation>Consultando a la central…</translation>
    </message>
    <message id="confirm.refund.empty">
        <source>Choose a transaction</source>
        <translation>Elija una operación</translation>
    </message>
    <message id="confirm.refund.lines">
        <source>Choose what comes back</source>
        <translation>Elija qué se devuelve</translation>
    </message>
    <message id="confirm.refund.offline">
        <source>Wait for the network</source>
        <translation>Espere la conexión</translation>
    </message>
    <message id="confirm.refund.reason">
        <source>Choose a reason</source>
        <translation>Elija el motivo</translation>
    </message>
    <message id="confirm.refund.refused">
        <source>Cannot be refunded</source>
        <translation>No se puede reembolsar</translation>
    </message>
    <message id="confirm.refund.waits">
        <source>Wait for the answer</source>
        <translation>Espere la respuesta</translation>
    </message>
    <message id="confirm.sell">
        <source>Take {amount}</source>
        <translation>Cobrar {amount}</translation>
    </message>
    <message id="confirm.sell.empty">
        <source>Choose a product</source>
        <translation>Elija un producto</translation>
    </message>
    <message id="confirm.sell_pass">
        <source>Take {amount}</source>
        <translation>Cobrar {amount}</translation>
    </message>
    <message id="confirm.sell_pass.empty">
        <source>Choose a pass</source>
        <translation>Elija un bono</translation>
    </message>
    <message id="confirm.top_up">
        <source>Top up {amount}</source>
        <translation>Recargar {amount}</translation>
    </message>
    <message id="confirm.top_up.empty">
        <source>Choose an amount</source>
        <translation>Elija el importe</translation>
    </message>
    <message id="confirm.top_up.member">
        <source>Scan the member</source>
        <translation>Escanee al socio</translation>
    </message>
    <message id="count.again">
        <source>Count again</source>
        <translation>Contar otra vez</translation>
    </message>
    <message id="count.agrees">
        <source>Agrees</source>
        <translation>Coincide</translation>
    </message>
    <message id="count.back">
        <source>Back to the shift</source>
        <translation>Volver al turno</translation>
    </message>
    <message id="count.busy">
        <source>Closing…</source>
        <translation>Cerrando…</translation>
    </message>
    <message id="count.close">
        <source>Close the shift</source>
        <translation>Cerrar el turno</translation>
    </message>
    <message id="count.close.difference">
        <source>Close with the difference</source>
        <translation>Cerrar con diferencia</translation>
    </message>
    <message id="count.detail">
        <source>Count what is there of each tender; 0 for none. What is expected is not shown.</source>
        <translation>Cuente lo que hay de cada forma de pago; 0 si no hay. Lo esperado no se muestra.</translation>
    </message>
    <message id="count.detail.again">
        <source>Count it again. If the amount changes, the report shows your first count beside it.</source>
        <translation>Cuéntelo otra vez. Si el importe cambia, el informe muestra también el primer recuento.</translation>
    </message>
    <message id="count.difference">
        <source>{tender}: {words}</source>
        <translation>{tender}: {words}</translation>
    </message>
    <message id="count.differences">
        <source>{n} tenders differ</source>
        <translation>{n} formas de pago no coinciden</translation>
    </message>
    <message id="count.differs">
        <source>It differs from what was recorded. Count again, or say why.</source>
        <translation>No coincide con lo registrado. Cuente otra vez o indique el motivo.</translation>
    </message>
    <message id="count.field">
        <source>{tender}, amount counted</source>
        <translation>{tender}: importe contado</translation>
    </message>
    <message id="count.next">
        <source>Next: {tender}</source>
        <translation>Siguiente: {tender}</translation>
    </message>
    <message id="count.over">
        <source>{amount} over</source>
        <translation>Sobran {amount}</translation>
    </message>
    <message id="count.placeholder">
        <source>Not counted</source>
        <translation>Sin contar</translation>
    </message>
    <message id="count.reason.change_error">
        <source>Wrong change given</source>
        <translation>Error en un cambio</translation>
    </message>
    <message id="count.reason.float_wrong">
        <source>Float was wrong</source>
        <translation>Fondo incorrecto</translation>
    </message>
    <message id="count.reason.miscounted">
        <source>Counting error</source>
        <translation>Error al contar</translation>
    </message>
    <message id="count.reason.other">
        <source>Other</source>
        <translation>Otro</translation>
    </message>
    <message id="count.reason.unexplained">
        <source>Unexplained</source>
        <translation>Sin explicación</translation>
    </message>
    <message id="count.short">
        <source>{amount} short</source>
        <translation>Faltan {amount}</translation>
    </message>
    <message id="count.title">
        <source>Count and close the shift</source>
        <translation>Contar y cerrar el turno</translation>
    </message>
    <message id="count.unfinished" numerus="yes">
        <source>{n} baskets are not finished</source>
        <translation>
            <numerusform>Hay una cesta sin terminar</numerusform>
            <numerusform>{n} cestas sin terminar</numerusform>
        </translation>
    </message>
    <message id="count.unfinished.back">
        <source>Back to the counter</source>
        <translation>Volver a la venta</translation>
    </message>
    <message id="count.unfinished.detail">
        <source>Finish them first, or close all the same: they stay for the next shift.</source>
        <translation>Termínelas antes, o cierre igualmente: se quedan para el turno siguiente.</translation>
    </message>
    <message id="count.unsent" numerus="yes">
        <source>{n} records still to send</source>
        <translation>
            <numerusform>1 registro por enviar</numerusform>
            <numerusform>{n} registros por enviar</numerusform>
        </translation>
    </message>
    <message id="count.unsent.detail">
        <source>Closing works offline; they are sent by themselves.</source>
        <translation>Se puede cerrar sin conexión; se envían solos.</translation>
    </message>
    <message id="count.why">
        <source>Why does it differ?</source>
        <translation>¿Por qué no coincide?</translation>
    </message>
    <message id="crash.close">
        <source>Go on</source>
        <translation>Seguir</translation>
    </message>
    <message id="crash.detail">
        <source>Report {id}. You can go on; where something was being sold or given, look under Orders whether it was recorded.</source>
        <translation>Informe {id}. Puede seguir; si se vendía o entregaba algo, mire en Pedidos si quedó anotado.</translation>
    </message>
    <message id="crash.title">
        <source>Something went wrong inside</source>
        <translation>Error interno</translation>
    </message>
    <message id="create.detail">
        <source>Phone and name are enough; they can buy and use a pass or top up at once.</source>
        <translation>Bastan el teléfono y el nombre; enseguida puede comprar bonos, usarlos y recargar.</translation>
    </message>
    <message id="create.done">
        <source>Member created</source>
        <translation>Socio dado de alta</translation>
    </message>
    <message id="create.done.detail">
        <source>A pass or a top-up can be sold now.</source>
        <translation>Ya puede venderle un bono o recargar.</translation>
    </message>
    <message id="create.known">
        <source>This phone is a member already</source>
        <translation>Este teléfono ya es de un socio</translation>
    </message>
    <message id="create.known.detail">
        <source>The member who was there is open; no second one was made.</source>
        <translation>Se ha abierto el socio que había; no se ha creado otro.</translation>
    </message>
    <message id="create.language">
        <source>Language to contact them in</source>
        <translation>Idioma de contacto</translation>
    </message>
    <message id="create.leave">
        <source>Back to the counter</source>
        <translation>Volver a la caja</translation>
    </message>
    <message id="create.name">
        <source>Name</source>
        <translation>Nombre</translation>
    </message>
    <message id="create.offline">
        <source>This works offline too</source>
        <translation>Sin conexión también se puede</translation>
    </message>
    <message id="create.offline.detail">
        <source>Head office hears of it later. Two entries with the same phone are merged automatically.</source>
        <translation>La central lo recibirá después; las altas con el mismo teléfono se unen automáticamente.</translation>
    </message>
    <message id="create.phone">
        <source>Phone</source>
        <translation>Teléfono</translation>
    </message>
    <message id="create.phone.digits">
        <source>Digits of the phone</source>
        <translation>Cifras del teléfono</translation>
    </message>
    <message id="create.submit">
        <source>Create member</source>
        <translation>Dar de alta</translation>
    </message>
    <message id="create.title">
        <source>New member</source>
        <translation>Nuevo socio</translation>
    </message>
    <message id="customer.balance">
        <source>Balance {amount}</source>
        <translation>Saldo {amount}</translation>
    </message>
    <message id="customer.change">
        <source>Change {amount}</source>
        <translation>Cambio {amount}</translation>
    </message>
    <message id="customer.due">
        <source>To pay</source>
        <translation>A pagar</translation>
    </message>
    <message id="customer.hello">
        <source>Welcome</source>
        <translation>Bienvenidos</translation>
    </message>
    <message id="customer.hello.name">
        <source>Hello, {name}</source>
        <translation>Hola, {name}</translation>
    </message>
    <message id="customer.left">
        <source>{left} left</source>
        <translation>Saldo: {left}</translation>
    </message>
    <message id="customer.pickup">
        <source>Your number: {number}</source>
        <translation>Su número: {number}</translation>
    </message>
    <message id="customer.thanks">
        <source>Thank you!</source>
        <translation>¡Gracias!</translation>
    </message>
    <message id="customer.topped_up">
        <source>Top-up: {amount}</source>
        <translation>Recarga: {amount}</translation>
    </message>
    <message id="customer.topped_up.company">
        <source>Top-up for {company}: {amount}</source>
        <translation>Recarga para {company}: {amount}</translation>
    </message>
    <message id="customer.training">
        <source>TRAINING – no real sale</source>
        <translation>PRÁCTICAS – no es una venta real</translation>
    </message>
    <message id="customer.uses">
        <source>{used} used · {left} left</source>
        <translation>{used} · quedan {left}</translation>
    </message>
    <message id="decision.other">
        <source>Decided ({code})</source>
        <translation>Decidido ({code})</translation>
    </message>
    <message id="decision.post">
        <source>Posted by head office</source>
        <translation>Contabilizado</translation>
    </message>
    <message id="decision.post_to">
        <source>Posted to another account</source>
        <translation>Contabilizado en otra cuenta</translation>
    </message>
    <message id="decision.reject">
        <source>Rejected</source>
        <translation>Rechazado</translation>
    </message>
    <message id="decision.write_off">
        <source>Booked as a loss</source>
        <translation>Asentado como pérdida</translation>
    </message>
    <message id="devices.printer">
        <source>Receipt printer</source>
        <translation>Impresora</translation>
    </message>
    <message id="devices.risk">
        <source>Offline limit left</source>
        <translation>Margen sin conexión</translation>
    </message>
    <message id="devices.risk_others">
        <source>Cards and tickets offline</source>
        <translation>Tarjetas y entradas sin conexión</translation>
    </message>
    <message id="devices.scanner">
        <source>Scanner</source>
        <translation>Lector</translation>
    </message>
    <message id="devices.server">
        <source>Head office server</source>
        <translation>Servidor central</translation>
    </message>
    <message id="devices.set_aside">
        <source>Set aside here</source>
        <translation>Reservado aquí</translation>
    </message>
    <message id="devices.title">
        <source>Devices</source>
        <translation>Equipos</translation>
    </message>
    <message id="discount">
        <source>{n}% off</source>
        <translation>{n} % dto.</translation>
    </message>
    <message id="done.balance">
        <source>Balance</source>
        <translation>Saldo</translation>
    </message>
    <message id="done.bonus">
        <source>Bonus</source>
        <translation>Bonificación</translation>
    </message>
    <message id="done.change">
        <source>Change</source>
        <translation>Cambio</translation>
    </message>
    <message id="done.charged">
        <source>{amount} charged</source>
        <translation>Cobrado del saldo: {amount}</translation>
    </message>
    <message id="done.credit">
        <source>Credited after sync</source>
        <translation>Se abona al sincronizar</translation>
    </message>
    <message id="done.credit.detail">
        <source>It happens by itself once online; nobody has to wait.</source>
        <translation>Se hace solo al conectar; el cliente no espera.</translation>
    </message>
    <message id="done.credited">
        <source>Credit</source>
        <translation>Se abona</translation>
    </message>
    <message id="done.discount">
        <source>Discount</source>
        <translation>Descuento</translation>
    </message>
    <message id="done.hand_out.now">
        <source>Hand out {amount} ({tender})</source>
        <translation>Entregue {amount} ({tender})</translation>
    </message>
    <message id="done.kept">
        <source>Kept for spent bonus</source>
        <translation>Bonificación gastada</translation>
    </message>
    <message id="done.left">
        <source>Uses left</source>
        <translation>Usos que quedan</translation>
    </message>
    <message id="done.paid">
        <source>{amount} taken</source>
        <translation>Cobrado {amount}</translation>
    </message>
    <message id="done.pass_sold" numerus="yes">
        <source>Pass sold: {n} uses</source>
        <translation>
            <numerusform>Bono vendido: {n} uso</numerusform>
            <numerusform>Bono vendido: {n} usos</numerusform>
        </translation>
    </message>
    <message id="done.pickup">
        <source>Pick-up</source>
        <translation>Recogida</translation>
    </message>
    <message id="done.points">
        <source>Points</source>
        <translation>Puntos</translation>
    </message>
    <message id="done.points.value">
        <source>{change} (now {total})</source>
        <translation>{change} (total {total})</translation>
    </message>
    <message id="done.received">
        <source>Taken</source>
        <translation>Cobrado</translation>
    </message>
    <message id="done.redeemed" numerus="yes">
        <source>{n} uses redeemed</source>
        <translation>
            <numerusform>{n} uso canjeado</numerusform>
            <numerusform>{n} usos canjeados</numerusform>
        </translation>
    </message>
    <message id="done.refunded">
        <source>{amount} refunded</source>
        <translation>Reembolso de {amount}</translation>
    </message>
    <message id="done.refunded.of">
        <source>Refunded</source>
        <translation>Reembolsado</translation>
    </message>
    <message id="done.review">
        <source>Awaiting review</source>
        <translation>Pendiente de revisión</translation>
    </message>
    <message id="done.review.detail">
        <source>It can be redeemed once head office approves it.</source>
        <translation>Se podrá canjear cuando la central lo apruebe.</translation>
    </message>
    <message id="done.topped_up">
        <source>{amount} topped up</source>
        <translation>Recarga de {amount}</translation>
    </message>
    <message id="done.uncollected">
        <source>Bonus not recovered</source>
        <translation>Bonificación no recuperada</translation>
    </message>
    <message id="ended.lock">
        <source>Lock</source>
        <translation>Bloquear</translation>
    </message>
    <message id="ended.next">
        <source>Open the next shift</source>
        <translation>Abrir el turno siguiente</translation>
    </message>
    <message id="ended.number">
        <source>Z report {number}</source>
        <translation>Informe Z {number}</translation>
    </message>
    <message id="ended.title">
        <source>Shift closed</source>
        <translation>Turno cerrado</translation>
    </message>
    <message id="ended.unsent" numerus="yes">
        <source>Sealed; {n} records still to send</source>
        <translation>
            <numerusform>Turno sellado; 1 registro por enviar</numerusform>
            <numerusform>Turno sellado; {n} registros por enviar</numerusform>
        </translation>
    </message>
    <message id="ended.unsent.detail">
        <source>They are sent by themselves once online; nobody has to wait.</source>
        <translation>Se envían solos al conectar; no hace falta esperar.</translation>
    </message>
    <message id="evidence.at_risk">
        <source>Offline · by the member&apos;s code, checked later</source>
        <translation>Sin red · código del socio, se comprobará</translation>
    </message>
    <message id="evidence.online">
        <source>Confirmed online</source>
        <translation>Confirmado en línea</translation>
    </message>
    <message id="evidence.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="evidence.own_sale">
        <source>Offline · sold on this till</source>
        <translation>Sin red · vendido en esta caja</translation>
    </message>
    <message id="evidence.reserved">
        <source>Set aside for this till</source>
        <translation>Reservado para esta caja</translation>
    </message>
    <message id="expiry.date">
        <source>Until {date}</source>
        <translation>Hasta {date}</translation>
    </message>
    <message id="expiry.days">
        <source>Expires in {n} days</source>
        <translation>Caduca en {n} días</translation>
    </message>
    <message id="expiry.past">
        <source>Expired {date}</source>
        <translation>Caducó el {date}</translation>
    </message>
    <message id="expiry.today">
        <source>Expires today</source>
        <translation>Caduca hoy</translation>
    </message>
    <message id="expiry.tomorrow">
        <source>Expires tomorrow</source>
        <translation>Caduca mañana</translation>
    </message>
    <message id="fact.CardCharged">
        <source>Paid by card balance</source>
        <translation>Cobrado con saldo</translation>
    </message>
    <message id="fact.CashMoved">
        <source>Cash moved</source>
        <translation>Movimiento de caja</translation>
    </message>
    <message id="fact.MemberCreated">
        <source>Member created</source>
        <translation>Alta de socio</translation>
    </message>
    <message id="fact.OrderPaid">
        <source>Sale paid</source>
        <translation>Venta cobrada</translation>
    </message>
    <message id="fact.OrderRefunded">
        <source>Sale refunded</source>
        <translation>Venta devuelta</translation>
    </message>
    <message id="fact.PassRedeemed">
        <source>Pass redeemed</source>
        <translation>Bono canjeado</translation>
    </message>
    <message id="fact.PassSold">
        <source>Pass sold</source>
        <translation>Bono vendido</translation>
    </message>
    <message id="fact.Refunded">
        <source>Refunded</source>
        <translation>Devolución</translation>
    </message>
    <message id="fact.RequestAbandoned">
        <source>Request withdrawn</source>
        <translation>Petición anulada</translation>
    </message>
    <message id="fact.ReservationClosed">
        <source>Set aside, given up</source>
        <translation>Reserva devuelta</translation>
    </message>
    <message id="fact.ShiftClosed">
        <source>Shift closed</source>
        <translation>Turno cerrado</translation>
    </message>
    <message id="fact.ShiftOpened">
        <source>Shift opened</source>
        <translation>Turno abierto</translation>
    </message>
    <message id="fact.SlipReprinted">
        <source>Slip reprinted</source>
        <translation>Tique repetido</translation>
    </message>
    <message id="fact.ToppedUp">
        <source>Card topped up</source>
        <translation>Tarjeta recargada</translation>
    </message>
    <message id="fact.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="forgotten.detail">
        <source>Nothing is lost; keep selling. Head office makes a new pairing code for this till; then close this window and type: pos-app pair CODE --server ADDRESS</source>
        <translation>No se pierde nada; siga vendiendo. La central da un código nuevo para esta caja; cierre esta ventana y escriba: pos-app pair CÓDIGO --server DIRECCIÓN</translation>
    </message>
    <message id="forgotten.title">
        <source>Head office does not know this till any more: nothing is handed in</source>
        <translation>La central ya no conoce esta caja: no se entrega nada</translation>
    </message>
    <message id="hand.again">
        <source>Look again</source>
        <translation>Buscar otra vez</translation>
    </message>
    <message id="hand.busy">
        <source>Another program or the printer is using {port}. It is taken as soon as it is free.</source>
        <translation>Otro programa o la impresora usa {port}. Se tomará en cuanto quede libre.</translation>
    </message>
    <message id="hand.denied">
        <source>This user may not open {port}. Ask whoever looks after the computer for access to serial ports.</source>
        <translation>Este usuario no puede abrir {port}. Pida acceso a los puertos serie a quien cuide el equipo.</translation>
    </message>
    <message id="hand.detail">
        <source>A scanner that types like a keyboard works at once. One on a serial port (USB-COM, RS-232) is chosen here.</source>
        <translation>Un lector que escribe como un teclado funciona al enchufarlo. Si usa un puerto serie (USB-COM, RS-232), elíjalo aquí.</translation>
    </message>
    <message id="hand.lost">
        <source>{port} does not answer. Plug the scanner in; it comes back by itself.</source>
        <translation>{port} no responde. Enchufe el lector; vuelve solo.</translation>
    </message>
    <message id="hand.no_ports">
        <source>No serial port found. Plug the scanner in, then look again.</source>
        <translation>No hay puertos serie. Enchufe el lector y busque otra vez.</translation>
    </message>
    <message id="hand.none">
        <source>No serial scanner</source>
        <translation>Sin lector serie</translation>
    </message>
    <message id="hand.prefix">
        <source>What the scanner types before each code</source>
        <translation>Qué escribe el lector antes de cada código</translation>
    </message>
    <message id="hand.prefix.detail">
        <source>Choose {prefix} only for a scanner programmed so with the sheet: its codes then stay whole at any speed.</source>
        <translation>Elija {prefix} solo si el lector se programó así con la hoja: sus códigos llegan enteros a cualquier velocidad.</translation>
    </message>
    <message id="hand.prefix.none">
        <source>Nothing</source>
        <translation>Nada</translation>
    </message>
    <message id="hand.prefix.some">
        <source>{prefix} first</source>
        <translation>Primero {prefix}</translation>
    </message>
    <message id="hand.ready">
        <source>{port} is ready: scan a code.</source>
        <translation>{port} está listo: lea un código.</translation>
    </message>
    <message id="hand.refused.not_text">
        <source>The scanner sent something that is not text</source>
        <translation>El lector envió algo que no es texto</translation>
    </message>
    <message id="hand.refused.not_text.next">
        <source>Nothing was done. Scan again; if it stays so, set the scanner to 9600 baud, 8N1 and UTF-8.</source>
        <translation>No se ha hecho nada. Lea otra vez; si sigue igual, ponga el lector a 9600 baudios, 8N1 y UTF-8.</translation>
    </message>
    <message id="hand.refused.too_long">
        <source>The scanner sent more than a code can hold</source>
        <translation>El lector envió más de lo que cabe en un código</translation>
    </message>
    <message id="hand.refused.too_long.next">
        <source>Nothing was done. Scan one code at a time; if it stays so, set the scanner to send Enter after each code.</source>
        <translation>No se ha hecho nada. Lea los códigos de uno en uno; si sigue igual, ponga que el lector envíe Intro tras cada código.</translation>
    </message>
    <message id="hand.starting">
        <source>Opening {port}…</source>
        <translation>Abriendo {port}…</translation>
    </message>
    <message id="hand.title">
        <source>Hand scanner</source>
        <translation>Lector de mano</translation>
    </message>
    <message id="held.chip">
        <source>{name} · {n}</source>
        <translation>{name} · {n}</translation>
    </message>
    <message id="held.detail">
        <source>Tap the button above to take it up again.</source>
        <translation>Toque el botón de arriba para recuperarlo.</translation>
    </message>
    <message id="held.nobody">
        <source>Walk-in</source>
        <translation>Sin socio</translation>
    </message>
    <message id="held.reason.amount_unusual">
        <source>The amount is unusual</source>
        <translation>El importe no es habitual</translation>
    </message>
    <message id="held.reason.arithmetic_wrong">
        <source>The sums do not add up</source>
        <translation>Las cuentas no cuadran</translation>
    </message>
    <message id="held.reason.content_differs">
        <source>It differs from what was granted, or from what was first written</source>
        <translation>No coincide con lo concedido o con lo escrito al principio</translation>
    </message>
    <message id="held.reason.fact_unreadable">
        <source>It cannot be read</source>
        <translation>Contenido ilegible</translation>
    </message>
    <message id="held.reason.fork">
        <source>Two different histories of this till</source>
        <translation>La caja tiene dos historias distintas</translation>
    </message>
    <message id="held.reason.internal">
        <source>Posting it failed</source>
        <translation>Error al contabilizar</translation>
    </message>
    <message id="held.reason.member_data_missing">
        <source>The new member&apos;s data is missing</source>
        <translation>Faltan los datos del nuevo socio</translation>
    </message>
    <message id="held.reason.newer_than_server">
        <source>Written by a newer program than the server&apos;s</source>
        <translation>Escrito por un programa más nuevo que el servidor</translation>
    </message>
    <message id="held.reason.not_admin">
        <source>Who asked does not administer the company card, or no longer does</source>
        <translation>Quien lo pidió no administra la tarjeta de empresa, o ya no</translation>
    </message>
    <message id="held.reason.offline_member_cap">
        <source>Over the member&apos;s offline cap</source>
        <translation>Supera el máximo sin conexión del socio</translation>
    </message>
    <message id="held.reason.offline_operation_cap">
        <source>Over the offline cap of one operation</source>
        <translation>Supera el máximo sin conexión por operación</translation>
    </message>
    <message id="held.reason.offline_terminal_cap">
        <source>Over the till&apos;s offline cap</source>
        <translation>Supera el máximo sin conexión de la caja</translation>
    </message>
    <message id="held.reason.original_lost">
        <source>What it refunds was lost by a restore</source>
        <translation>Lo que devuelve se perdió en una restauración</translation>
    </message>
    <message id="held.reason.other">
        <source>A person at head office must look ({code})</source>
        <translation>La central debe revisarlo ({code})</translation>
    </message>
    <message id="held.reason.plan_differs">
        <source>It does not fit the pass plan</source>
        <translation>No corresponde al plan</translation>
    </message>
    <message id="held.reason.request_malformed">
        <source>It is not formed as it must be</source>
        <translation>No tiene la forma debida</translation>
    </message>
    <message id="held.reason.request_refused">
        <source>The request it cites was refused</source>
        <translation>La petición citada fue rechazada</translation>
    </message>
    <message id="held.reason.request_settled">
        <source>The request it cites was settled otherwise</source>
        <translation>La petición citada ya se resolvió</translation>
    </message>
    <message id="held.reason.request_taken_back">
        <source>HQ has taken back what it was granted</source>
        <translation>La central anuló lo concedido</translation>
    </message>
    <message id="held.reason.request_unknown">
        <source>The request it cites is unknown</source>
        <translation>La central no conoce la petición citada</translation>
    </message>
    <message id="held.reason.reservation_unknown">
        <source>The reservation is unknown</source>
        <translation>Reserva desconocida</translation>
    </message>
    <message id="held.reason.slip_foreign">
        <source>A slip number of another till</source>
        <translation>Número de tique de otra caja</translation>
    </message>
    <message id="held.reason.slip_used">
        <source>A slip number was used before</source>
        <translation>Número de tique repetido</translation>
    </message>
    <message id="held.reason.slips_wrong">
        <source>The slips do not fit what happened</source>
        <translation>Los tiques no corresponden</translation>
    </message>
    <message id="held.reason.terminal_differs">
        <source>It belongs to another till</source>
        <translation>Es de otra caja</translation>
    </message>
    <message id="held.reason.terminal_forked">
        <source>Two histories of this till: no offline spending</source>
        <translation>La caja tuvo dos historias: sin margen sin conexión</translation>
    </message>
    <message id="held.reason.terminal_revoked">
        <source>The till was revoked</source>
        <translation>Caja revocada</translation>
    </message>
    <message id="held.reason.uses_exhausted">
        <source>Not enough uses on the pass</source>
        <translation>Sin usos suficientes en el bono</translation>
    </message>
    <message id="held.reason.uses_per_day_exceeded">
        <source>More uses than the plan allows a day</source>
        <translation>Supera el límite diario</translation>
    </message>
    <message id="held.reason.uses_per_order_exceeded">
        <source>More uses than the plan allows an order</source>
        <translation>Supera el límite por pedido</translation>
    </message>
    <message id="held.reason.vat_wrong">
        <source>The VAT does not add up</source>
        <translation>El IVA no cuadra</translation>
    </message>
    <message id="held.take_up">
        <source>Take up the held basket</source>
        <translation>Recuperar pedido aparcado</translation>
    </message>
    <message id="held.title">
        <source>The open basket is on hold</source>
        <translation>El pedido anterior está aparcado</translation>
    </message>
    <message id="key.back">
        <source>Delete one digit</source>
        <translation>Borrar una cifra</translation>
    </message>
    <message id="key.enter">
        <source>Enter</source>
        <translation>Intro</translation>
    </message>
    <message id="level.0">
        <source>Member</source>
        <translation>Socio</translation>
    </message>
    <message id="level.diamond">
        <source>Diamond</source>
        <translation>Socio diamante</translation>
    </message>
    <message id="level.gold">
        <source>Gold</source>
        <translation>Socio oro</translation>
    </message>
    <message id="level.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="level.silver">
        <source>Silver</source>
        <translation>Socio plata</translation>
    </message>
    <message id="level.standard">
        <source>Member</source>
        <translation>Socio</translation>
    </message>
    <message id="line.add_on">
        <source>{name} ×{n}</source>
        <translation>{name} ×{n}</translation>
    </message>
    <message id="line.less">
        <source>Less {name}</source>
        <translation>Quitar {name}</translation>
    </message>
    <message id="line.more">
        <source>More {name}</source>
        <translation>Añadir {name}</translation>
    </message>
    <message id="lock.soon">
        <source>Locks in {n} s: touch to stay</source>
        <translation>Se bloquea en {n} s: toque para seguir</translation>
    </message>
    <message id="member.balance">
        <source>Balance</source>
        <translation>Saldo</translation>
    </message>
    <message id="member.by_code">
        <source>Member by code</source>
        <translation>Socio con código</translation>
    </message>
    <message id="member.by_code.detail">
        <source>Not known at this till</source>
        <translation>Desconocido en esta caja</translation>
    </message>
    <message id="member.change">
        <source>Another member</source>
        <translation>Cambiar de socio</translation>
    </message>
    <message id="member.empty">
        <source>Ask for the member&apos;s code</source>
        <translation>Pida el código al socio</translation>
    </message>
    <message id="member.empty.detail">
        <source>Hold it to the camera, or press F2 for the phone. Without a member, just tap a product.</source>
        <translation>Muéstrelo a la cámara o pulse F2 para el teléfono. Sin socio, toque un producto.</translation>
    </message>
    <message id="member.empty.detail.needed">
        <source>Hold it to the camera, or press F2 for the phone.</source>
        <translation>Muéstrelo a la cámara o pulse F2 para el teléfono.</translation>
    </message>
    <message id="member.points">
        <source>Points</source>
        <translation>Puntos</translation>
    </message>
    <message id="member.several">
        <source>{n} members: choose one</source>
        <translation>{n} socios: elija uno</translation>
    </message>
    <message id="member.sure">
        <source>Found without a code: make sure it is them</source>
        <translation>Sin código: compruebe que es la persona</translation>
    </message>
    <message id="member_pin.ask">
        <source>Customer types their PIN</source>
        <translation>El cliente teclea su PIN</translation>
    </message>
    <message id="member_pin.code">
        <source>Or show the code on your phone instead.</source>
        <translation>O muestre el código de su teléfono.</translation>
    </message>
    <message id="member_pin.covered">
        <source>Found without a code; the balance shows after their PIN</source>
        <translation>Sin código; el saldo se ve tras su PIN</translation>
    </message>
    <message id="member_pin.forgotten">
        <source>PIN forgotten: ask a manager</source>
        <translation>PIN olvidado: avisar al responsable</translation>
    </message>
    <message id="member_pin.right">
        <source>PIN is right: it is them</source>
        <translation>PIN correcto: es la persona</translation>
    </message>
    <message id="member_pin.submit">
        <source>Done</source>
        <translation>Listo</translation>
    </message>
    <message id="member_pin.title">
        <source>Please type your PIN</source>
        <translation>Teclee su PIN, por favor</translation>
    </message>
    <message id="member_pin.what">
        <source>Redeem {uses} of {pass_name} without the member&apos;s PIN: they forgot it</source>
        <translation>Canjear {uses} de {pass_name} sin el PIN del socio: lo ha olvidado</translation>
    </message>
    <message id="more.checks">
        <source>Server, printer, scanner, disk and records</source>
        <translation>Servidor, impresora, lector, disco y registros</translation>
    </message>
    <message id="more.outbox">
        <source>What has reached head office, printer and scanner</source>
        <translation>Qué ha llegado a la central, impresora y lector</translation>
    </message>
    <message id="more.printer">
        <source>Find one, set paper and speed, print a test page</source>
        <translation>Buscarla, elegir papel y velocidad, página de prueba</translation>
    </message>
    <message id="more.scanner">
        <source>Camera and hand scanners: choose, try, set up</source>
        <translation>Cámara y lectores de mano: elegir, probar, configurar</translation>
    </message>
    <message id="more.set_aside">
        <source>What works here without a network</source>
        <translation>Lo que vale aquí sin red</translation>
    </message>
    <message id="more.settings">
        <source>Language, look, lock and customer display</source>
        <translation>Idioma, aspecto, bloqueo y pantalla del cliente</translation>
    </message>
    <message id="more.training">
        <source>Practise with made-up members; nothing is sold or sent</source>
        <translation>Practicar con socios inventados; nada se vende ni se envía</translation>
    </message>
    <message id="move.amount">
        <source>Amount</source>
        <translation>Importe</translation>
    </message>
    <message id="move.amount.missing">
        <source>Enter an amount</source>
        <translation>Indique el importe</translation>
    </message>
    <message id="move.back">
        <source>Back</source>
        <translation>Volver</translation>
    </message>
    <message id="move.done">
        <source>Done</source>
        <translation>Listo</translation>
    </message>
    <message id="move.no_sale">
        <source>Open drawer</source>
        <translation>Abrir el cajón</translation>
    </message>
    <message id="move.no_sale.confirm">
        <source>Open the drawer</source>
        <translation>Abrir el cajón</translation>
    </message>
    <message id="move.no_sale.done">
        <source>Drawer opened and recorded</source>
        <translation>Cajón abierto y anotado</translation>
    </message>
    <message id="move.no_sale.hint">
        <source>Without a sale; it is recorded</source>
        <translation>Sin venta; queda registrado</translation>
    </message>
    <message id="move.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="move.paid_in">
        <source>Paid in</source>
        <translation>Entrada de efectivo</translation>
    </message>
    <message id="move.paid_in.confirm">
        <source>Pay in {amount}</source>
        <translation>Registrar entrada de {amount}</translation>
    </message>
    <message id="move.paid_in.done">
        <source>{amount} paid in</source>
        <translation>Entrada de {amount} registrada</translation>
    </message>
    <message id="move.paid_in.hint">
        <source>Money put into the drawer without a sale</source>
        <translation>Dinero que entra en el cajón sin venta</translation>
    </message>
    <message id="move.paid_out">
        <source>Paid out</source>
        <translation>Salida de efectivo</translation>
    </message>
    <message id="move.paid_out.confirm">
        <source>Pay out {amount}</source>
        <translation>Registrar salida de {amount}</translation>
    </message>
    <message id="move.paid_out.done">
        <source>{amount} paid out</source>
        <translation>Salida de {amount} registrada</translation>
    </message>
    <message id="move.paid_out.hint">
        <source>Money taken out of the drawer; not a refund</source>
        <translation>Dinero que sale del cajón; no es un reembolso</translation>
    </message>
    <message id="move.reason.bank">
        <source>Bank</source>
        <translation>Banco</translation>
    </message>
    <message id="move.reason.change">
        <source>Change</source>
        <translation>Cambio</translation>
    </message>
    <message id="move.reason.check">
        <source>Check</source>
        <translation>Comprobación</translation>
    </message>
    <message id="move.reason.correction">
        <source>Correction</source>
        <translation>Corrección</translation>
    </message>
    <message id="move.reason.expenses">
        <source>Expenses</source>
        <translation>Gastos</translation>
    </message>
    <message id="move.reason.missing">
        <source>Choose a reason</source>
        <translation>Elija el motivo</translation>
    </message>
    <message id="move.reason.other">
        <source>Other</source>
        <translation>Otro</translation>
    </message>
    <message id="move.reason.safe">
        <source>Safe</source>
        <translation>Caja fuerte</translation>
    </message>
    <message id="move.reason.supplier">
        <source>Supplier</source>
        <translation>Proveedor</translation>
    </message>
    <message id="move.safe_drop">
        <source>Safe drop</source>
        <translation>Retirada a caja fuerte</translation>
    </message>
    <message id="move.safe_drop.confirm">
        <source>Drop {amount}</source>
        <translation>Retirar {amount}</translation>
    </message>
    <message id="move.safe_drop.done">
        <source>{amount} moved to the safe</source>
        <translation>{amount} retirados</translation>
    </message>
    <message id="move.safe_drop.hint">
        <source>Move spare cash out of the drawer</source>
        <translation>Retirar del cajón el efectivo que sobra</translation>
    </message>
    <message id="move.why">
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message id="nav.checkout">
        <source>Checkout</source>
        <translation>Cobro</translation>
    </message>
    <message id="nav.checks">
        <source>Check this till</source>
        <translation>Comprobar la caja</translation>
    </message>
    <message id="nav.lock">
        <source>Lock</source>
        <translation>Bloquear</translation>
    </message>
    <message id="nav.more">
        <source>More</source>
        <translation>Más</translation>
    </message>
    <message id="nav.orders">
        <source>Orders</source>
        <translation>Pedidos</translation>
    </message>
    <message id="nav.outbox">
        <source>Outbox, devices</source>
        <translation>Envíos y equipos</translation>
    </message>
    <message id="nav.printer">
        <source>Printer</source>
        <translation>Impresora</translation>
    </message>
    <message id="nav.refund">
        <source>Refund</source>
        <translation>Reembolso</translation>
    </message>
    <message id="nav.scanner">
        <source>Scanners</source>
        <translation>Lectores</translation>
    </message>
    <message id="nav.sell_pass">
        <source>Discounts</source>
        <translation>Descuentos</translation>
    </message>
    <message id="nav.set_aside">
        <source>Set aside, this till&apos;s code</source>
        <translation>Reservas y código</translation>
    </message>
    <message id="nav.settings">
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message id="nav.shift">
        <source>Shift</source>
        <translation>Turno</translation>
    </message>
    <message id="nav.top_up">
        <source>Top up</source>
        <translation>Recargar</translation>
    </message>
    <message id="nav.training">
        <source>Training</source>
        <translation>Prácticas</translation>
    </message>
    <message id="note.all">
        <source>All {n}</source>
        <translation>Los {n}</translation>
    </message>
    <message id="note.allergy">
        <source>Allergy</source>
        <translation>Alergia</translation>
    </message>
    <message id="note.clear">
        <source>Remove note</source>
        <translation>Quitar nota</translation>
    </message>
    <message id="note.for">
        <source>Note · {name}</source>
        <translation>Nota · {name}</translation>
    </message>
    <message id="note.hint">
        <source>Printed under the line. No names or phone numbers here, please.</source>
        <translation>Se imprime bajo la línea. Sin nombres ni teléfonos, por favor.</translation>
    </message>
    <message id="note.hot">
        <source>Hot</source>
        <translation>Caliente</translation>
    </message>
    <message id="note.less_ice">
        <source>Less ice</source>
        <translation>Menos hielo</translation>
    </message>
    <message id="note.less_sugar">
        <source>Less sugar</source>
        <translation>Menos azúcar</translation>
    </message>
    <message id="note.no_ice">
        <source>No ice</source>
        <translation>Sin hielo</translation>
    </message>
    <message id="note.no_straw">
        <source>No straw</source>
        <translation>Sin pajita</translation>
    </message>
    <message id="note.no_sugar">
        <source>No sugar</source>
        <translation>Sin azúcar</translation>
    </message>
    <message id="note.on_line">
        <source>Note: {note}</source>
        <translation>Nota: {note}</translation>
    </message>
    <message id="note.one">
        <source>Only one of them</source>
        <translation>Solo uno de ellos</translation>
    </message>
    <message id="note.placeholder">
        <source>For whoever makes it</source>
        <translation>Para quien lo prepara</translation>
    </message>
    <message id="note.title">
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message id="note.to_go">
        <source>To go</source>
        <translation>Para llevar</translation>
    </message>
    <message id="notice.close">
        <source>Close message</source>
        <translation>Cerrar aviso</translation>
    </message>
    <message id="open_shift.detail">
        <source>{name}, count the float in the drawer</source>
        <translation>{name}, cuente el fondo de caja</translation>
    </message>
    <message id="open_shift.float">
        <source>Float</source>
        <translation>Fondo de caja</translation>
    </message>
    <message id="open_shift.leave">
        <source>Another cashier</source>
        <translation>Cambiar de cajero</translation>
    </message>
    <message id="open_shift.submit">
        <source>Open shift</source>
        <translation>Abrir turno</translation>
    </message>
    <message id="open_shift.title">
        <source>Open shift</source>
        <translation>Abrir turno</translation>
    </message>
    <message id="order.approver">
        <source>Approved by</source>
        <translation>Aprobado por</translation>
    </message>
    <message id="order.asked_by">
        <source>Asked by</source>
        <translation>Lo pidió</translation>
    </message>
    <message id="order.back.all">
        <source>Refunded</source>
        <translation>Devuelto</translation>
    </message>
    <message id="order.back.part">
        <source>Part refunded</source>
        <translation>Parte devuelta</translation>
    </message>
    <message id="order.cashier">
        <source>Cashier</source>
        <translation>Cajero</translation>
    </message>
    <message id="order.company">
        <source>Company</source>
        <translation>Empresa</translation>
    </message>
    <message id="order.kind.CardCharged">
        <source>Card payment</source>
        <translation>Pago con saldo</translation>
    </message>
    <message id="order.kind.CashMoved">
        <source>Cash</source>
        <translation>Caja</translation>
    </message>
    <message id="order.kind.OrderPaid">
        <source>Sale</source>
        <translation>Venta</translation>
    </message>
    <message id="order.kind.OrderRefunded">
        <source>Refund</source>
        <translation>Devolución</translation>
    </message>
    <message id="order.kind.PassRedeemed">
        <source>Redemption</source>
        <translation>Canje</translation>
    </message>
    <message id="order.kind.PassSold">
        <source>Pass sale</source>
        <translation>Bono</translation>
    </message>
    <message id="order.kind.Refunded">
        <source>Refund</source>
        <translation>Devolución</translation>
    </message>
    <message id="order.kind.ShiftClosed">
        <source>Shift end</source>
        <translation>Cierre de turno</translation>
    </message>
    <message id="order.kind.ToppedUp">
        <source>Top-up</source>
        <translation>Recarga</translation>
    </message>
    <message id="order.kind.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="order.ledger">
        <source>Ledger</source>
        <translation>Central</translation>
    </message>
    <message id="order.member">
        <source>Member</source>
        <translation>Socio</translation>
    </message>
    <message id="order.phone">
        <source>Phone</source>
        <translation>Teléfono</translation>
    </message>
    <message id="order.pickup.short">
        <source>Pick-up {number}</source>
        <translation>Recogida {number}</translation>
    </message>
    <message id="order.slip">
        <source>Slip</source>
        <translation>Tique</translation>
    </message>
    <message id="order.time">
        <source>Time</source>
        <translation>Hora</translation>
    </message>
    <message id="order.why">
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message id="orders.all_days">
        <source>All</source>
        <translation>Todo</translation>
    </message>
    <message id="orders.back">
        <source>Came back</source>
        <translation>Devuelto</translation>
    </message>
    <message id="orders.choose">
        <source>Choose an order</source>
        <translation>Elija un pedido</translation>
    </message>
    <message id="orders.choose.detail">
        <source>From the list, by its number, or by scanning the slip.</source>
        <translation>De la lista, por su número o escaneando el tique.</translation>
    </message>
    <message id="orders.clear">
        <source>Clear search</source>
        <translation>Quitar búsqueda</translation>
    </message>
    <message id="orders.day.after">
        <source>Day after</source>
        <translation>Día siguiente</translation>
    </message>
    <message id="orders.day.before">
        <source>Day before</source>
        <translation>Día anterior</translation>
    </message>
    <message id="orders.found">
        <source>Found: {text}</source>
        <translation>Búsqueda: {text}</translation>
    </message>
    <message id="orders.gone">
        <source>Head office keeps it; here its number and slip are left.</source>
        <translation>La central lo conserva; aquí quedan el número y el tique.</translation>
    </message>
    <message id="orders.kind.cash">
        <source>Drawer</source>
        <translation>Caja</translation>
    </message>
    <message id="orders.kind.charge">
        <source>Card</source>
        <translation>Tarjeta</translation>
    </message>
    <message id="orders.kind.pass">
        <source>Passes</source>
        <translation>Bonos</translation>
    </message>
    <message id="orders.kind.redemption">
        <source>Uses</source>
        <translation>Canjes</translation>
    </message>
    <message id="orders.kind.refund">
        <source>Refunds</source>
        <translation>Devuelto</translation>
    </message>
    <message id="orders.kind.sale">
        <source>Sales</source>
        <translation>Ventas</translation>
    </message>
    <message id="orders.kind.shift">
        <source>Shifts</source>
        <translation>Turnos</translation>
    </message>
    <message id="orders.kind.top_up">
        <source>Top-ups</source>
        <translation>Recargas</translation>
    </message>
    <message id="orders.loading">
        <source>Reading…</source>
        <translation>Leyendo…</translation>
    </message>
    <message id="orders.newer">
        <source>Newer</source>
        <translation>Recientes</translation>
    </message>
    <message id="orders.none">
        <source>No orders</source>
        <translation>No hay pedidos</translation>
    </message>
    <message id="orders.none.day">
        <source>Nothing on this day. Look at the day before, or at all days.</source>
        <translation>Nada en este día. Mire el día anterior o todo.</translation>
    </message>
    <message id="orders.none.found">
        <source>No order found</source>
        <translation>No se encontró ningún pedido</translation>
    </message>
    <message id="orders.none.found.detail">
        <source>This till holds nothing of that member or number; head office knows of other tills.</source>
        <translation>Esta caja no tiene nada de ese socio o número; lo de otras cajas lo sabe la central.</translation>
    </message>
    <message id="orders.offline">
        <source>No network: this till&apos;s own records</source>
        <translation>Sin red: los registros de esta caja</translation>
    </message>
    <message id="orders.older">
        <source>Older</source>
        <translation>Anteriores</translation>
    </message>
    <message id="orders.original">
        <source>Of {number}</source>
        <translation>De {number}</translation>
    </message>
    <message id="orders.paper">
        <source>Slip {number}</source>
        <translation>Tique {number}</translation>
    </message>
    <message id="orders.papers">
        <source>Paper</source>
        <translation>Papel</translation>
    </message>
    <message id="orders.placeholder">
        <source>Slip, pick-up or phone number</source>
        <translation>N.º de tique, recogida o teléfono</translation>
    </message>
    <message id="orders.refund">
        <source>Refund</source>
        <translation>Devolver</translation>
    </message>
    <message id="orders.reprint">
        <source>Reprint</source>
        <translation>Reimprimir</translation>
    </message>
    <message id="orders.reprint.what">
        <source>Reprint {number}</source>
        <translation>Reimprimir {number}</translation>
    </message>
    <message id="orders.reprinted">
        <source>A marked copy is printing</source>
        <translation>Se imprime una copia</translation>
    </message>
    <message id="orders.search">
        <source>Find by slip, ledger, pick-up or phone number; or scan the slip or the member</source>
        <translation>Buscar por número de tique, de la central, de recogida o teléfono; o escanee el tique o al socio</translation>
    </message>
    <message id="orders.title">
        <source>Orders</source>
        <translation>Pedidos</translation>
    </message>
    <message id="orders.today">
        <source>Today</source>
        <translation>Hoy</translation>
    </message>
    <message id="orders.waits">
        <source>Waits to be sent to head office.</source>
        <translation>Espera a enviarse a la central.</translation>
    </message>
    <message id="orders.waits.offline">
        <source>It is sent by itself when the network is back.</source>
        <translation>Se envía solo cuando vuelva la red.</translation>
    </message>
    <message id="outbox.accepted">
        <source>Posted</source>
        <translation>Contabilizado</translation>
    </message>
    <message id="outbox.decided">
        <source>Head office: {reason}</source>
        <translation>Central: {reason}</translation>
    </message>
    <message id="outbox.held">
        <source>Held</source>
        <translation>Retenido</translation>
    </message>
    <message id="outbox.held.why">
        <source>{reason}. Head office decides.</source>
        <translation>{reason}. Decide la central.</translation>
    </message>
    <message id="outbox.none">
        <source>No records yet</source>
        <translation>Todavía no hay registros</translation>
    </message>
    <message id="outbox.none.detail">
        <source>Everything is recorded here first, then sent to head office.</source>
        <translation>Cada operación se anota aquí y luego va a la central.</translation>
    </message>
    <message id="outbox.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="outbox.pending">
        <source>To send</source>
        <translation>Por enviar</translation>
    </message>
    <message id="outbox.summary">
        <source>To send: {pending} · Held: {held}</source>
        <translation>Por enviar: {pending} · Retenidos: {held}</translation>
    </message>
    <message id="outbox.title">
        <source>Records</source>
        <translation>Registros</translation>
    </message>
    <message id="pair.busy">
        <source>Pairing…</source>
        <translation>Vinculando…</translation>
    </message>
    <message id="pair.code">
        <source>Pairing code</source>
        <translation>Código de vinculación</translation>
    </message>
    <message id="pair.detail">
        <source>Ask head office for a one-use code (valid 15 minutes). Products, passes and members then arrive by themselves.</source>
        <translation>Pida a la central un código de un solo uso (vale 15 minutos). Después se descargan productos, bonos y socios.</translation>
    </message>
    <message id="pair.server">
        <source>Server address</source>
        <translation>Dirección del servidor</translation>
    </message>
    <message id="pair.submit">
        <source>Pair</source>
        <translation>Vincular</translation>
    </message>
    <message id="pair.title">
        <source>Pair this till</source>
        <translation>Vincular la caja</translation>
    </message>
    <message id="pass.reason.other">
        <source>Not usable ({code})</source>
        <translation>No disponible ({code})</translation>
    </message>
    <message id="pass.reason.pass_expired">
        <source>Expired</source>
        <translation>Caducado</translation>
    </message>
    <message id="pass.reason.pass_not_active">
        <source>Awaiting review</source>
        <translation>En revisión</translation>
    </message>
    <message id="pass.reason.pass_revoked">
        <source>Revoked</source>
        <translation>Anulado</translation>
    </message>
    <message id="pass.reason.uses_exhausted">
        <source>No uses left</source>
        <translation>Sin usos</translation>
    </message>
    <message id="pass.reason.uses_per_day_exceeded">
        <source>Today&apos;s limit reached</source>
        <translation>Límite de hoy agotado</translation>
    </message>
    <message id="pass.used_today">
        <source>{n} today</source>
        <translation>{n} hoy</translation>
    </message>
    <message id="passes.none">
        <source>No passes</source>
        <translation>Sin bonos</translation>
    </message>
    <message id="passes.none.detail">
        <source>You can sell one now.</source>
        <translation>Puede venderle uno ahora.</translation>
    </message>
    <message id="passes.sell">
        <source>Sell a pass (F4)</source>
        <translation>Vender bono (F4)</translation>
    </message>
    <message id="passes.title">
        <source>Passes</source>
        <translation>Bonos</translation>
    </message>
    <message id="picture.damaged">
        <source>The picture is damaged</source>
        <translation>La imagen está dañada</translation>
    </message>
    <message id="picture.missing">
        <source>The file is not there</source>
        <translation>No se encuentra el archivo</translation>
    </message>
    <message id="picture.next">
        <source>Use another PNG or JPEG picture.</source>
        <translation>Use otra imagen PNG o JPEG.</translation>
    </message>
    <message id="picture.no_pictures">
        <source>No pictures in the folder</source>
        <translation>No hay imágenes en la carpeta</translation>
    </message>
    <message id="picture.not_a_file">
        <source>This is not a file</source>
        <translation>No es un archivo</translation>
    </message>
    <message id="picture.not_a_picture">
        <source>This is not a picture</source>
        <translation>No es una imagen</translation>
    </message>
    <message id="picture.other">
        <source>The picture does not open ({code})</source>
        <translation>No se abre la imagen ({code})</translation>
    </message>
    <message id="picture.too_large">
        <source>The picture is too large</source>
        <translation>La imagen es demasiado grande</translation>
    </message>
    <message id="picture.unreadable">
        <source>No permission to open the file</source>
        <translation>Sin permiso para abrir el archivo</translation>
    </message>
    <message id="plan.expires">
        <source>Expires</source>
        <translation>Caduca</translation>
    </message>
    <message id="plan.first">
        <source>First purchase</source>
        <translation>Primera compra</translation>
    </message>
    <message id="plan.member">
        <source>Scan the member first</source>
        <translation>Primero, el socio</translation>
    </message>
    <message id="plan.member.detail">
        <source>A pass belongs to a member.</source>
        <translation>El bono va a nombre de un socio.</translation>
    </message>
    <message id="plan.note">
        <source>{uses} · {days}</source>
        <translation>{uses} · {days}</translation>
    </message>
    <message id="plan.order">
        <source>Pass sale</source>
        <translation>Venta de bono</translation>
    </message>
    <message id="plan.prompt">
        <source>Choose a pass</source>
        <translation>Elija un bono</translation>
    </message>
    <message id="plan.prompt.detail">
        <source>First or stacked, uses and expiry will show here.</source>
        <translation>Aquí verá si es nuevo o ampliación, los usos y la caducidad.</translation>
    </message>
    <message id="plan.stacked">
        <source>Added to the pass held</source>
        <translation>Se suma al bono actual</translation>
    </message>
    <message id="plan.uses">
        <source>Uses after</source>
        <translation>Usos tras la compra</translation>
    </message>
    <message id="plan.uses.stacked">
        <source>{before} → {after}</source>
        <translation>{before} → {after}</translation>
    </message>
    <message id="plans.none">
        <source>No passes on sale</source>
        <translation>No hay bonos a la venta</translation>
    </message>
    <message id="plans.none.detail">
        <source>They appear once head office publishes them.</source>
        <translation>Aparecerán cuando la central los publique.</translation>
    </message>
    <message id="plans.title">
        <source>Discount centre · Passes</source>
        <translation>Descuentos · Bonos</translation>
    </message>
    <message id="printer.answer_invalid">
        <source>Strange answer</source>
        <translation>Respuesta extraña</translation>
    </message>
    <message id="printer.connection_lost">
        <source>Connection lost</source>
        <translation>Conexión cortada</translation>
    </message>
    <message id="printer.cover_open">
        <source>Cover open</source>
        <translation>Tapa abierta</translation>
    </message>
    <message id="printer.device_busy">
        <source>In use elsewhere</source>
        <translation>Ocupada</translation>
    </message>
    <message id="printer.device_denied">
        <source>Not allowed</source>
        <translation>Sin permiso</translation>
    </message>
    <message id="printer.device_missing">
        <source>Not plugged in</source>
        <translation>No conectada</translation>
    </message>
    <message id="printer.disk">
        <source>Folder not writable</source>
        <translation>Carpeta sin permiso</translation>
    </message>
    <message id="printer.error">
        <source>Fault</source>
        <translation>Avería</translation>
    </message>
    <message id="printer.help.answer_invalid">
        <source>What answers is no receipt printer, or the speed of the serial port is wrong.</source>
        <translation>Lo que responde no es una impresora de tiques, o la velocidad del puerto serie es otra.</translation>
    </message>
    <message id="printer.help.connection_lost">
        <source>Check the cable and power.</source>
        <translation>Revise el cable y la corriente.</translation>
    </message>
    <message id="printer.help.cover_open">
        <source>Close the cover; printing goes on by itself.</source>
        <translation>Cierre la tapa; la impresión sigue sola.</translation>
    </message>
    <message id="printer.help.device_busy">
        <source>Another program holds {path}. Close it, or take this printer out of the computer&apos;s own print system.</source>
        <translation>Otro programa usa {path}. Ciérrelo o quite esta impresora del sistema de impresión del equipo.</translation>
    </message>
    <message id="printer.help.device_denied">
        <source>This user may not open {path}. On Linux: sudo usermod -aG lp,dialout $USER, then log in to the computer again.</source>
        <translation>Este usuario no puede abrir {path}. En Linux: sudo usermod -aG lp,dialout $USER y vuelva a iniciar sesión en el equipo.</translation>
    </message>
    <message id="printer.help.device_missing">
        <source>Plug the cable in and switch the printer on. If it has another port now: look again.</source>
        <translation>Conecte el cable y encienda la impresora. Si ahora usa otro puerto, busque otra vez.</translation>
    </message>
    <message id="printer.help.disk">
        <source>Make the folder writable for the till, or choose another.</source>
        <translation>Dé permiso de escritura en la carpeta o elija otra.</translation>
    </message>
    <message id="printer.help.error">
        <source>Switch it off and on; if it stays, call head office.</source>
        <translation>Apague y encienda; si sigue, avise a la central.</translation>
    </message>
    <message id="printer.help.lost">
        <source>Check power and cable.</source>
        <translation>Revise la corriente y el cable.</translation>
    </message>
    <message id="printer.help.no_answer">
        <source>It is connected, but does not answer. Switch it off and on; on a serial port try another speed.</source>
        <translation>Está conectada, pero no responde. Apague y encienda; en un puerto serie pruebe otra velocidad.</translation>
    </message>
    <message id="printer.help.none">
        <source>Choose one under More, Printer.</source>
        <translation>Elija una en Más, Impresora.</translation>
    </message>
    <message id="printer.help.offline">
        <source>Check power and cable. Slips wait in line; you can keep selling.</source>
        <translation>Revise la corriente y el cable. Los tiques esperan; puede seguir cobrando.</translation>
    </message>
    <message id="printer.help.other">
        <source>Check the printer.</source>
        <translation>Revise la impresora.</translation>
    </message>
    <message id="printer.help.paper_low">
        <source>Have a new roll ready.</source>
        <translation>Tenga a mano un rollo nuevo.</translation>
    </message>
    <message id="printer.help.paper_out">
        <source>Load a roll; printing goes on by itself. You can keep selling.</source>
        <translation>Ponga un rollo; la impresión sigue sola. Puede seguir cobrando.</translation>
    </message>
    <message id="printer.help.queue_refused">
        <source>The computer&apos;s print system took no job. Look at the queue in its settings.</source>
        <translation>El sistema de impresión no admitió el trabajo. Mire la cola en los ajustes.</translation>
    </message>
    <message id="printer.help.queue_stopped">
        <source>Start the queue again in the computer&apos;s print settings.</source>
        <translation>Reanude la cola en los ajustes de impresión del equipo.</translation>
    </message>
    <message id="printer.help.queue_unknown">
        <source>Set the queue up again in the computer&apos;s print settings, or look again.</source>
        <translation>Vuelva a crear la cola en los ajustes del equipo o busque otra vez.</translation>
    </message>
    <message id="printer.help.spooler_missing">
        <source>Install the print system (CUPS), or connect the printer by USB, serial cable or network.</source>
        <translation>Instale el sistema de impresión (CUPS) o conecte la impresora por USB, serie o red.</translation>
    </message>
    <message id="printer.help.stalled">
        <source>It takes no more. Look for paper, cover and jam, or switch it off and on.</source>
        <translation>No admite más. Revise papel, tapa y atascos, o apague y encienda.</translation>
    </message>
    <message id="printer.help.template_invalid">
        <source>Slips come out in the standard layout. Tell head office.</source>
        <translation>Los tiques salen con el formato de fábrica. Avise a la central.</translation>
    </message>
    <message id="printer.help.unreachable">
        <source>Nobody is there. Switch the printer on, check its network cable, and whether its address has changed: look again.</source>
        <translation>No hay nadie ahí. Encienda la impresora, revise el cable de red y si cambió la dirección: busque otra vez.</translation>
    </message>
    <message id="printer.lost">
        <source>Lost</source>
        <translation>Desconectada</translation>
    </message>
    <message id="printer.no_answer">
        <source>No answer</source>
        <translation>No responde</translation>
    </message>
    <message id="printer.none">
        <source>None</source>
        <translation>No hay</translation>
    </message>
    <message id="printer.offline">
        <source>No answer</source>
        <translation>No responde</translation>
    </message>
    <message id="printer.other">
        <source>State {code}</source>
        <translation>Estado {code}</translation>
    </message>
    <message id="printer.paper_low">
        <source>Paper runs low</source>
        <translation>Queda poco papel</translation>
    </message>
    <message id="printer.paper_out">
        <source>No paper</source>
        <translation>Sin papel</translation>
    </message>
    <message id="printer.queue_refused">
        <source>Queue refused</source>
        <translation>Cola rechazada</translation>
    </message>
    <message id="printer.queue_stopped">
        <source>Queue is stopped</source>
        <translation>Cola detenida</translation>
    </message>
    <message id="printer.queue_unknown">
        <source>Queue is gone</source>
        <translation>La cola no existe</translation>
    </message>
    <message id="printer.ready">
        <source>Ready</source>
        <translation>Lista</translation>
    </message>
    <message id="printer.spooler_missing">
        <source>No print system</source>
        <translation>Sin sistema de impresión</translation>
    </message>
    <message id="printer.stalled">
        <source>Stalled</source>
        <translation>Parada</translation>
    </message>
    <message id="printer.starting">
        <source>Connecting</source>
        <translation>Conectando</translation>
    </message>
    <message id="printer.template_invalid">
        <source>Template faulty</source>
        <translation>Plantilla errónea</translation>
    </message>
    <message id="printer.unreachable">
        <source>Not reachable</source>
        <translation>Inaccesible</translation>
    </message>
    <message id="printers.again">
        <source>Look again</source>
        <translation>Buscar otra vez</translation>
    </message>
    <message id="printers.by_hand">
        <source>Enter an address</source>
        <translation>Escribir una dirección</translation>
    </message>
    <message id="printers.by_hand.hint">
        <source>Like 192.168.1.50</source>
        <translation>Por ejemplo, 192.168.1.50</translation>
    </message>
    <message id="printers.by_hand.use">
        <source>Use</source>
        <translation>Usar</translation>
    </message>
    <message id="printers.count" numerus="yes">
        <source>{n} found</source>
        <translation>
            <numerusform>{n} encontrada</numerusform>
            <numerusform>{n} encontradas</numerusform>
        </translation>
    </message>
    <message id="printers.empty">
        <source>No printer found</source>
        <translation>Ninguna impresora encontrada</translation>
    </message>
    <message id="printers.empty.detail">
        <source>Switch it on, check its cable and look again, or enter its address below.</source>
        <translation>Enciéndala, revise el cable y busque otra vez, o escriba su dirección abajo.</translation>
    </message>
    <message id="printers.fixed">
        <source>This printer was given when the till was started</source>
        <translation>Esta impresora se indicó al arrancar la caja</translation>
    </message>
    <message id="printers.fixed.detail">
        <source>Start the till without --printer and without TILLKEEPER_PRINTER to choose here.</source>
        <translation>Arranque la caja sin --printer y sin TILLKEEPER_PRINTER para elegir aquí.</translation>
    </message>
    <message id="printers.forget">
        <source>Stop using it</source>
        <translation>Dejar de usarla</translation>
    </message>
    <message id="printers.found">
        <source>Printers found</source>
        <translation>Impresoras encontradas</translation>
    </message>
    <message id="printers.in_use">
        <source>In use</source>
        <translation>En uso</translation>
    </message>
    <message id="printers.kind.file">
        <source>Folder instead of a printer</source>
        <translation>Carpeta en lugar de impresora</translation>
    </message>
    <message id="printers.kind.network">
        <source>Network printer</source>
        <translation>Impresora de red</translation>
    </message>
    <message id="printers.kind.none">
        <source>No printer chosen</source>
        <translation>Ninguna impresora elegida</translation>
    </message>
    <message id="printers.kind.none.detail">
        <source>Slips wait in line and come out once there is one.</source>
        <translation>Los tiques esperan y salen en cuanto haya una.</translation>
    </message>
    <message id="printers.kind.other">
        <source>Printer ({code})</source>
        <translation>Impresora ({code})</translation>
    </message>
    <message id="printers.kind.serial">
        <source>Serial port</source>
        <translation>Puerto serie</translation>
    </message>
    <message id="printers.kind.spooler">
        <source>Printer of this computer</source>
        <translation>Impresora de este equipo</translation>
    </message>
    <message id="printers.kind.usb">
        <source>USB printer</source>
        <translation>Impresora USB</translation>
    </message>
    <message id="printers.looking">
        <source>Looking at the network: {done} of {total}</source>
        <translation>Buscando en la red: {done} de {total}</translation>
    </message>
    <message id="printers.looking_here">
        <source>Looking at this computer…</source>
        <translation>Buscando en este equipo…</translation>
    </message>
    <message id="printers.paper">
        <source>Paper</source>
        <translation>Papel</translation>
    </message>
    <message id="printers.paper.32">
        <source>58 mm · 32 columns</source>
        <translation>58 mm · 32 columnas</translation>
    </message>
    <message id="printers.paper.48">
        <source>80 mm · 48 columns</source>
        <translation>80 mm · 48 columnas</translation>
    </message>
    <message id="printers.silent">
        <source>{address} · does not answer</source>
        <translation>{address} · no responde</translation>
    </message>
    <message id="printers.speed">
        <source>Speed of the serial port, bits a second</source>
        <translation>Velocidad del puerto serie, bits por segundo</translation>
    </message>
    <message id="printers.speed.detail">
        <source>The printer&apos;s own test print says it: switch it on while you hold the feed button.</source>
        <translation>La dice la prueba de la propia impresora: enciéndala con el botón de avance pulsado.</translation>
    </message>
    <message id="printers.stop">
        <source>Stop looking</source>
        <translation>Dejar de buscar</translation>
    </message>
    <message id="printers.test">
        <source>Print test page</source>
        <translation>Imprimir página de prueba</translation>
    </message>
    <message id="printers.tested.handed_over">
        <source>Test page handed over</source>
        <translation>Página de prueba entregada</translation>
    </message>
    <message id="printers.tested.handed_over.detail">
        <source>This way to paper cannot say whether it was printed: look at the printer.</source>
        <translation>Por esta vía no se sabe si se imprimió: mire la impresora.</translation>
    </message>
    <message id="printers.tested.not_printed">
        <source>Not printed · {why}</source>
        <translation>No impresa · {why}</translation>
    </message>
    <message id="printers.tested.printed">
        <source>Test page printed</source>
        <translation>Página de prueba impresa</translation>
    </message>
    <message id="printers.tested.printed.detail">
        <source>Does the row of digits reach both edges and is nothing missing? Then paper width and letters are right.</source>
        <translation>¿La fila de cifras llega a los dos bordes y no falta nada? Entonces el ancho y las letras son correctos.</translation>
    </message>
    <message id="printers.tested.unknown">
        <source>Perhaps printed · {why}</source>
        <translation>Quizá impresa · {why}</translation>
    </message>
    <message id="printers.tested.unknown.detail">
        <source>Part of the page went out, then the answer did not come. Look at the printer, then print it again.</source>
        <translation>Parte de la página salió y después no llegó respuesta. Mire la impresora y vuelva a imprimir.</translation>
    </message>
    <message id="printers.testing">
        <source>The test page is being printed…</source>
        <translation>Imprimiendo la página de prueba…</translation>
    </message>
    <message id="printers.use">
        <source>Use this printer</source>
        <translation>Usar esta impresora</translation>
    </message>
    <message id="printers.used">
        <source>Printer in use</source>
        <translation>Impresora en uso</translation>
    </message>
    <message id="printers.wrong">
        <source>That is no printer&apos;s address</source>
        <translation>Eso no es la dirección de una impresora</translation>
    </message>
    <message id="printers.wrong.detail">
        <source>Network: 192.168.1.50. USB: /dev/usb/lp0. Serial: /dev/ttyUSB0 or COM3. Queue of this computer: spooler://NAME.</source>
        <translation>Red: 192.168.1.50. USB: /dev/usb/lp0. Serie: /dev/ttyUSB0 o COM3. Cola de este equipo: spooler://NOMBRE.</translation>
    </message>
    <message id="products.none">
        <source>No products here</source>
        <translation>Aquí no hay productos</translation>
    </message>
    <message id="products.none.detail">
        <source>They appear once head office publishes them.</source>
        <translation>Aparecerán cuando la central los publique.</translation>
    </message>
    <message id="recent.heading">
        <source>Recent use</source>
        <translation>Uso reciente</translation>
    </message>
    <message id="recent.here">
        <source>What happened at this till, with or without a network.</source>
        <translation>Lo ocurrido en esta caja, con o sin red.</translation>
    </message>
    <message id="recent.none">
        <source>Nothing yet</source>
        <translation>Nada todavía</translation>
    </message>
    <message id="recent.title">
        <source>Recent</source>
        <translation>Reciente</translation>
    </message>
    <message id="refund.amount">
        <source>Refund amount</source>
        <translation>Importe del reembolso</translation>
    </message>
    <message id="refund.answered">
        <source>A refund was answered</source>
        <translation>Hay respuesta a un reembolso</translation>
    </message>
    <message id="refund.answered.detail">
        <source>See whether money is to be handed out.</source>
        <translation>Mire si hay que entregar dinero.</translation>
    </message>
    <message id="refund.ask_again">
        <source>Ask again now</source>
        <translation>Preguntar ahora</translation>
    </message>
    <message id="refund.asked.detail">
        <source>Hand nothing out yet; head office is asked again.</source>
        <translation>No entregue dinero todavía; se sigue preguntando.</translation>
    </message>
    <message id="refund.back">
        <source>Refund</source>
        <translation>Reembolso</translation>
    </message>
    <message id="refund.cash">
        <source>Hand out {amount}</source>
        <translation>Entregar {amount}</translation>
    </message>
    <message id="refund.cash.range">
        <source>Hand out {least} to {most}</source>
        <translation>Entregar entre {least} y {most}</translation>
    </message>
    <message id="refund.cash.range.detail">
        <source>{bonus} of bonus is taken back; what was spent comes off the cash. Head office says how much.</source>
        <translation>Se retira la bonificación de {bonus}; lo ya gastado se descuenta. La central da el importe exacto.</translation>
    </message>
    <message id="refund.cash.unknown">
        <source>Head office says how much</source>
        <translation>La central dirá cuánto</translation>
    </message>
    <message id="refund.cash.unknown.detail">
        <source>Bonus already spent is kept from the cash.</source>
        <translation>La bonificación gastada se descuenta.</translation>
    </message>
    <message id="refund.exact.balance">
        <source>On the card then {amount}</source>
        <translation>Después en la tarjeta {amount}</translation>
    </message>
    <message id="refund.exact.bonus">
        <source>Bonus taken back {amount}</source>
        <translation>Bonificación retirada {amount}</translation>
    </message>
    <message id="refund.exact.bonus_back">
        <source>Bonus {amount}</source>
        <translation>Bonificación {amount}</translation>
    </message>
    <message id="refund.exact.card">
        <source>{amount} goes back to the card</source>
        <translation>{amount} vuelve a la tarjeta</translation>
    </message>
    <message id="refund.exact.kept">
        <source>Kept for spent bonus {amount}</source>
        <translation>Bonificación gastada {amount}</translation>
    </message>
    <message id="refund.exact.points">
        <source>Points taken back {points}</source>
        <translation>Puntos retirados {points}</translation>
    </message>
    <message id="refund.exact.principal">
        <source>Paid money {amount}</source>
        <translation>Dinero pagado {amount}</translation>
    </message>
    <message id="refund.exact.uncollected">
        <source>Bonus not recovered {amount}</source>
        <translation>Bonificación no recuperada {amount}</translation>
    </message>
    <message id="refund.find">
        <source>Find</source>
        <translation>Buscar</translation>
    </message>
    <message id="refund.gone">
        <source>Refunded</source>
        <translation>Devuelto</translation>
    </message>
    <message id="refund.granted.card">
        <source>Back on the card; hand nothing out.</source>
        <translation>Devuelto a la tarjeta; no entregue dinero.</translation>
    </message>
    <message id="refund.granted.cash">
        <source>Hand {amount} to the customer ({tender})</source>
        <translation>Entregue {amount} al cliente ({tender})</translation>
    </message>
    <message id="refund.handed_out">
        <source>Handed out</source>
        <translation>Entregado</translation>
    </message>
    <message id="refund.how_back">
        <source>Paid back by</source>
        <translation>Se devuelve por</translation>
    </message>
    <message id="refund.how_much">
        <source>Amount</source>
        <translation>Importe</translation>
    </message>
    <message id="refund.kind.charge">
        <source>Card payment</source>
        <translation>Pago con saldo</translation>
    </message>
    <message id="refund.kind.order">
        <source>Sale</source>
        <translation>Venta</translation>
    </message>
    <message id="refund.kind.top_up">
        <source>Top-up</source>
        <translation>Recarga</translation>
    </message>
    <message id="refund.left">
        <source>Left to refund</source>
        <translation>Reembolsable</translation>
    </message>
    <message id="refund.left.of">
        <source>{left} of {amount}</source>
        <translation>{left} de {amount}</translation>
    </message>
    <message id="refund.line.back">
        <source>Refunded</source>
        <translation>Devuelto</translation>
    </message>
    <message id="refund.lines">
        <source>What comes back</source>
        <translation>Qué se devuelve</translation>
    </message>
    <message id="refund.no_answer">
        <source>Head office has not answered yet</source>
        <translation>La central aún no responde</translation>
    </message>
    <message id="refund.no_answer.detail">
        <source>Hand nothing out. The till keeps asking under the same id; the answer appears at the left.</source>
        <translation>No entregue dinero. La caja sigue preguntando con el mismo número; la respuesta saldrá a la izquierda.</translation>
    </message>
    <message id="refund.none">
        <source>No sales, charges or top-ups yet</source>
        <translation>Aún no hay ventas, cobros ni recargas</translation>
    </message>
    <message id="refund.none.detail">
        <source>For a card payment or a top-up of another till, type its number.</source>
        <translation>Pago con tarjeta o recarga de otra caja: escriba su número.</translation>
    </message>
    <message id="refund.number">
        <source>Transaction or slip number</source>
        <translation>N.º de operación o de tique</translation>
    </message>
    <message id="refund.offline">
        <source>No network: sales only</source>
        <translation>Sin red: solo ventas</translation>
    </message>
    <message id="refund.offline.detail">
        <source>Card payments and top-ups are refunded once head office answers.</source>
        <translation>Pagos con tarjeta y recargas, cuando la central responda.</translation>
    </message>
    <message id="refund.order">
        <source>Refund</source>
        <translation>Reembolso</translation>
    </message>
    <message id="refund.paid">
        <source>Original amount</source>
        <translation>Importe original</translation>
    </message>
    <message id="refund.placeholder">
        <source>Transaction or slip no.</source>
        <translation>N.º de operación</translation>
    </message>
    <message id="refund.prompt">
        <source>Choose a transaction</source>
        <translation>Elija una operación</translation>
    </message>
    <message id="refund.prompt.detail">
        <source>From the list, by its number, or by scanning the slip.</source>
        <translation>De la lista, por su número o escaneando el tique.</translation>
    </message>
    <message id="refund.reason.amount_wrong">
        <source>Wrong amount</source>
        <translation>Importe erróneo</translation>
    </message>
    <message id="refund.reason.changed_mind">
        <source>Changed mind</source>
        <translation>Se arrepintió</translation>
    </message>
    <message id="refund.reason.not_delivered">
        <source>Not delivered</source>
        <translation>No entregado</translation>
    </message>
    <message id="refund.reason.order_wrong">
        <source>Wrong order</source>
        <translation>Pedido erróneo</translation>
    </message>
    <message id="refund.reason.other">
        <source>Other</source>
        <translation>Otro</translation>
    </message>
    <message id="refund.reason.product_fault">
        <source>Product fault</source>
        <translation>Defectuoso</translation>
    </message>
    <message id="refund.refused.detail">
        <source>Not refunded: {reason}</source>
        <translation>Sin reembolso: {reason}</translation>
    </message>
    <message id="refund.seen">
        <source>Got it</source>
        <translation>Entendido</translation>
    </message>
    <message id="refund.state.accepted">
        <source>Granted</source>
        <translation>Concedido</translation>
    </message>
    <message id="refund.state.asked">
        <source>Waiting</source>
        <translation>En espera</translation>
    </message>
    <message id="refund.state.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="refund.state.refused">
        <source>Refused</source>
        <translation>Denegado</translation>
    </message>
    <message id="refund.title">
        <source>Transaction</source>
        <translation>Operación</translation>
    </message>
    <message id="refund.to_card">
        <source>It goes back to the card</source>
        <translation>Vuelve a la tarjeta</translation>
    </message>
    <message id="refund.to_card.detail">
        <source>No money is handed out; the points it earned are taken back.</source>
        <translation>No se entrega dinero; se retiran los puntos de la compra.</translation>
    </message>
    <message id="refund.unsynced">
        <source>Not synced yet</source>
        <translation>Sin sincronizar</translation>
    </message>
    <message id="refund.waits">
        <source>A refund of it is waiting</source>
        <translation>Ya hay un reembolso en espera</translation>
    </message>
    <message id="refund.waits.detail">
        <source>Do not repeat it; wait for the answer.</source>
        <translation>No lo repita; espere la respuesta.</translation>
    </message>
    <message id="refund.whole">
        <source>All</source>
        <translation>Todo</translation>
    </message>
    <message id="refund.why">
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message id="refusal.add_on_unknown">
        <source>This add-on does not go with the product</source>
        <translation>Este extra no va con el producto</translation>
    </message>
    <message id="refusal.add_on_unknown.next">
        <source>Choose another add-on.</source>
        <translation>Elija otro extra.</translation>
    </message>
    <message id="refusal.already_paired">
        <source>This till is paired already</source>
        <translation>La caja ya está vinculada</translation>
    </message>
    <message id="refusal.already_paired.next">
        <source>You can sign in.</source>
        <translation>Puede entrar.</translation>
    </message>
    <message id="refusal.amount_invalid">
        <source>The amount is not valid</source>
        <translation>El importe no vale</translation>
    </message>
    <message id="refusal.amount_invalid.next">
        <source>Write it like 12.50.</source>
        <translation>Escríbalo así: 12,50.</translation>
    </message>
    <message id="refusal.amount_invalid.top_up">
        <source>The amount is not valid</source>
        <translation>Importe no válido</translation>
    </message>
    <message id="refusal.amount_invalid.top_up.next">
        <source>At most {most} at a time.</source>
        <translation>Como mucho {most} por recarga.</translation>
    </message>
    <message id="refusal.approval_needed">
        <source>A manager must approve this</source>
        <translation>Hace falta autorización</translation>
    </message>
    <message id="refusal.approval_needed.next">
        <source>Ask a colleague who may to type a PIN.</source>
        <translation>Pida a un responsable que teclee su PIN.</translation>
    </message>
    <message id="refusal.balance_insufficient">
        <source>Not enough on the card</source>
        <translation>No hay saldo suficiente en la tarjeta</translation>
    </message>
    <message id="refusal.balance_insufficient.charge">
        <source>Only {balance} on the card</source>
        <translation>Saldo insuficiente: hay {balance}</translation>
    </message>
    <message id="refusal.balance_insufficient.charge.next">
        <source>Top it up, or take another tender.</source>
        <translation>Recargue la tarjeta o use otro medio.</translation>
    </message>
    <message id="refusal.balance_insufficient.next">
        <source>Take some off, or choose another tender.</source>
        <translation>Quite algo o elija otra forma de pago.</translation>
    </message>
    <message id="refusal.basket_empty">
        <source>The basket is empty</source>
        <translation>El pedido está vacío</translation>
    </message>
    <message id="refusal.basket_empty.next">
        <source>Tap a product first.</source>
        <translation>Toque un producto.</translation>
    </message>
    <message id="refusal.bonus_differs">
        <source>The bonus has changed</source>
        <translation>La bonificación ha cambiado</translation>
    </message>
    <message id="refusal.bonus_differs.next">
        <source>Check the new bonus and confirm again.</source>
        <translation>Compruebe la nueva bonificación y confirme otra vez.</translation>
    </message>
    <message id="refusal.card_currency_unset">
        <source>The card has no money on it yet</source>
        <translation>La tarjeta aún no tiene saldo</translation>
    </message>
    <message id="refusal.card_currency_unset.next">
        <source>Top it up first, or choose another tender.</source>
        <translation>Recárguela primero o elija otra forma de pago.</translation>
    </message>
    <message id="refusal.card_expired">
        <source>This card has expired</source>
        <translation>La tarjeta ha caducado</translation>
    </message>
    <message id="refusal.card_expired.next">
        <source>Choose another tender, or call head office.</source>
        <translation>Elija otra forma de pago o llame a la central.</translation>
    </message>
    <message id="refusal.card_inactive">
        <source>This card cannot be used</source>
        <translation>Esta tarjeta no se puede usar</translation>
    </message>
    <message id="refusal.card_inactive.next">
        <source>Choose another tender, or call head office.</source>
        <translation>Elija otra forma de pago o llame a la central.</translation>
    </message>
    <message id="refusal.card_unknown">
        <source>This card is not known</source>
        <translation>Tarjeta desconocida</translation>
    </message>
    <message id="refusal.card_unknown.next">
        <source>Ask for the code again, or choose another tender.</source>
        <translation>Pida el código otra vez o elija otra forma de pago.</translation>
    </message>
    <message id="refusal.cash_insufficient">
        <source>The drawer does not hold that much</source>
        <translation>No hay tanto efectivo en el cajón</translation>
    </message>
    <message id="refusal.cash_insufficient.next">
        <source>Check the amount.</source>
        <translation>Revise el importe.</translation>
    </message>
    <message id="refusal.change_only_from_cash">
        <source>Only cash gives change</source>
        <translation>Solo el efectivo da cambio</translation>
    </message>
    <message id="refusal.change_only_from_cash.next">
        <source>Take the exact amount.</source>
        <translation>Cobre el importe exacto.</translation>
    </message>
    <message id="refusal.code_edited">
        <source>The code has been altered</source>
        <translation>El código está alterado</translation>
    </message>
    <message id="refusal.code_edited.next">
        <source>Ask the member to refresh the code.</source>
        <translation>Que el socio actualice su código.</translation>
    </message>
    <message id="refusal.code_edited.orders">
        <source>This slip&apos;s check code is wrong</source>
        <translation>El código de este tique no es correcto</translation>
    </message>
    <message id="refusal.code_edited.orders.next">
        <source>The paper may have been altered; trust the till&apos;s record: find it by its number.</source>
        <translation>El papel puede estar alterado; valen los datos de la caja: búsquelo por número.</translation>
    </message>
    <message id="refusal.code_expired">
        <source>The code has expired</source>
        <translation>El código ha caducado</translation>
    </message>
    <message id="refusal.code_expired.next">
        <source>Ask the member to refresh the code.</source>
        <translation>Que el socio actualice su código.</translation>
    </message>
    <message id="refusal.code_foreign">
        <source>This is not a member code</source>
        <translation>No es un código de socio</translation>
    </message>
    <message id="refusal.code_foreign.charge">
        <source>This code does not pay</source>
        <translation>Este código no sirve para pagar</translation>
    </message>
    <message id="refusal.code_foreign.charge.next">
        <source>Ask for the member&apos;s short code (not the large offline one).</source>
        <translation>Pida el código corto del socio (no el grande sin conexión).</translation>
    </message>
    <message id="refusal.code_foreign.next">
        <source>Ask for this shop&apos;s member code.</source>
        <translation>Pida el código de socio de esta tienda.</translation>
    </message>
    <message id="refusal.code_locked">
        <source>The member&apos;s codes are locked for 15 minutes</source>
        <translation>El código está bloqueado 15 minutos</translation>
    </message>
    <message id="refusal.code_locked.charge">
        <source>The member&apos;s codes are locked for 15 minutes</source>
        <translation>Códigos bloqueados 15 minutos</translation>
    </message>
    <message id="refusal.code_locked.charge.next">
        <source>Take another tender.</source>
        <translation>Use otro medio de pago.</translation>
    </message>
    <message id="refusal.code_locked.next">
        <source>Find the member by phone.</source>
        <translation>Búsquelo por teléfono.</translation>
    </message>
    <message id="refusal.code_not_yet_valid">
        <source>The code is not valid yet</source>
        <translation>El código aún no vale</translation>
    </message>
    <message id="refusal.code_not_yet_valid.next">
        <source>Check the phone&apos;s clock and refresh the code.</source>
        <translation>Revise la hora del móvil y actualice el código.</translation>
    </message>
    <message id="refusal.code_other_terminal">
        <source>The code is for another till</source>
        <translation>El código es de otra caja</translation>
    </message>
    <message id="refusal.code_other_terminal.next">
        <source>The member can give it back on the phone and set it aside for this till.</source>
        <translation>El socio puede devolverlo en el móvil y reservarlo para esta caja.</translation>
    </message>
    <message id="refusal.code_pays_goods">
        <source>This code pays for goods</source>
        <translation>Este código paga artículos</translation>
    </message>
    <message id="refusal.code_pays_goods.next">
        <source>Tap the goods, choose Card, then scan it again.</source>
        <translation>Toque los artículos, elija Tarjeta y léalo de nuevo.</translation>
    </message>
    <message id="refusal.code_unreadable">
        <source>No code could be read</source>
        <translation>No se lee ningún código</translation>
    </message>
    <message id="refusal.code_unreadable.next">
        <source>Hold it steady, clean the screen, turn it brighter.</source>
        <translation>Enfoque, limpie la pantalla y suba el brillo.</translation>
    </message>
    <message id="refusal.code_used">
        <source>The code was used already</source>
        <translation>El código ya se usó</translation>
    </message>
    <message id="refusal.code_used.next">
        <source>Ask the member to refresh the code.</source>
        <translation>Que el socio actualice su código.</translation>
    </message>
    <message id="refusal.code_wrong">
        <source>The code is wrong</source>
        <translation>El código no es correcto</translation>
    </message>
    <message id="refusal.code_wrong.next">
        <source>Ask the member to refresh the code.</source>
        <translation>Que el socio actualice su código.</translation>
    </message>
    <message id="refusal.content_differs">
        <source>Head office has this request with another content</source>
        <translation>La central tiene esta petición con otro contenido</translation>
    </message>
    <message id="refusal.content_differs.next">
        <source>Begin again. If it stays, call head office.</source>
        <translation>Empiece de nuevo. Si sigue, llame a la central.</translation>
    </message>
    <message id="refusal.count_missing">
        <source>Something was not counted</source>
        <translation>Falta contar algo</translation>
    </message>
    <message id="refusal.count_missing.next">
        <source>Count every tender; 0 where there is nothing.</source>
        <translation>Cuente cada forma de pago; si no hay nada, ponga 0.</translation>
    </message>
    <message id="refusal.currency_mismatch">
        <source>The currency is not this store&apos;s</source>
        <translation>La moneda no es la de esta tienda</translation>
    </message>
    <message id="refusal.currency_mismatch.next">
        <source>Call head office.</source>
        <translation>Llame a la central.</translation>
    </message>
    <message id="refusal.difference_unexplained">
        <source>The count differs from what is expected</source>
        <translation>Lo contado no coincide</translation>
    </message>
    <message id="refusal.difference_unexplained.next">
        <source>Count again, or choose a reason.</source>
        <translation>Vuelva a contar o elija un motivo.</translation>
    </message>
    <message id="refusal.key_unknown">
        <source>Head office does not know this till any more</source>
        <translation>La central ya no conoce esta caja</translation>
    </message>
    <message id="refusal.key_unknown.next">
        <source>Nothing is lost. Head office makes a new pairing code for this till; then it is paired again: pos-app pair CODE --server ADDRESS</source>
        <translation>No se pierde nada. La central crea un código nuevo para esta caja y se vincula otra vez: pos-app pair CÓDIGO --server DIRECCIÓN</translation>
    </message>
    <message id="refusal.member_inactive">
        <source>This member is not active</source>
        <translation>El socio está de baja</translation>
    </message>
    <message id="refusal.member_inactive.next">
        <source>Call head office.</source>
        <translation>Llame a la central.</translation>
    </message>
    <message id="refusal.member_pin_needed">
        <source>Their PIN is needed</source>
        <translation>Hace falta su PIN</translation>
    </message>
    <message id="refusal.member_pin_needed.next">
        <source>The customer types it, or shows the code on their phone.</source>
        <translation>El cliente lo teclea o muestra el código de su teléfono.</translation>
    </message>
    <message id="refusal.member_unknown">
        <source>No such member</source>
        <translation>No se encuentra al socio</translation>
    </message>
    <message id="refusal.member_unknown.find">
        <source>No member has this phone</source>
        <translation>Este teléfono no es de ningún socio</translation>
    </message>
    <message id="refusal.member_unknown.find.next">
        <source>Check the number, or create a new member.</source>
        <translation>Revise el número o dé de alta al socio.</translation>
    </message>
    <message id="refusal.member_unknown.next">
        <source>Check the number, or ask for the member&apos;s code.</source>
        <translation>Revise el número o pida el código.</translation>
    </message>
    <message id="refusal.member_unknown.orders">
        <source>No such member</source>
        <translation>No existe ese socio</translation>
    </message>
    <message id="refusal.member_unknown.orders.next">
        <source>Ask for a fresh code, or type the end of the phone number.</source>
        <translation>Pida que actualice el código o escriba el final del teléfono.</translation>
    </message>
    <message id="refusal.name_invalid">
        <source>The name cannot be used</source>
        <translation>El nombre no es válido</translation>
    </message>
    <message id="refusal.name_invalid.next">
        <source>Type a name of 1 to 100 characters.</source>
        <translation>Escriba un nombre de 1 a 100 caracteres.</translation>
    </message>
    <message id="refusal.newer_than_server">
        <source>Written by a newer program than the server&apos;s</source>
        <translation>Escrito por un programa más nuevo que el servidor</translation>
    </message>
    <message id="refusal.newer_than_server.next">
        <source>What is recorded is kept and sent. Call head office.</source>
        <translation>Lo registrado se guarda y se envía. Llame a la central.</translation>
    </message>
    <message id="refusal.not_admin">
        <source>This member does not administer that company card</source>
        <translation>Este socio no administra esa tarjeta de empresa</translation>
    </message>
    <message id="refusal.not_admin.next">
        <source>Only its admins may top it up. Choose another card, or ask an admin to come.</source>
        <translation>Solo sus administradores la recargan. Elija otra tarjeta o pida que venga un administrador.</translation>
    </message>
    <message id="refusal.not_in_training">
        <source>Real members are not known in training</source>
        <translation>En las prácticas no están los socios reales</translation>
    </message>
    <message id="refusal.not_in_training.next">
        <source>Take one of the made-up members under More, Training; or leave training to serve this one.</source>
        <translation>Elija un socio inventado en Más, Prácticas; o salga de las prácticas para atender a este.</translation>
    </message>
    <message id="refusal.not_paired">
        <source>This till is not paired</source>
        <translation>La caja no está vinculada</translation>
    </message>
    <message id="refusal.not_paired.next">
        <source>Ask head office for a pairing code.</source>
        <translation>Pida un código a la central.</translation>
    </message>
    <message id="refusal.not_refundable_here">
        <source>{kind}: not refunded at the till</source>
        <translation>{kind}: no se devuelve en la caja</translation>
    </message>
    <message id="refusal.not_refundable_here.next">
        <source>Head office decides what comes back: call there with the slip&apos;s number.</source>
        <translation>Lo decide la central: llame con el número del tique.</translation>
    </message>
    <message id="refusal.not_signed_in">
        <source>Nobody is signed in</source>
        <translation>Nadie ha entrado</translation>
    </message>
    <message id="refusal.not_signed_in.next">
        <source>Sign in first.</source>
        <translation>Entre primero.</translation>
    </message>
    <message id="refusal.offline_clock_frozen">
        <source>Never synced: no offline redemptions</source>
        <translation>Nunca sincronizada: canjes en pausa</translation>
    </message>
    <message id="refusal.offline_clock_frozen.next">
        <source>One contact with head office is enough.</source>
        <translation>Basta conectar una vez con la central.</translation>
    </message>
    <message id="refusal.offline_member_cap">
        <source>The member has used up today&apos;s offline uses</source>
        <translation>El socio agotó sus canjes sin red de hoy</translation>
    </message>
    <message id="refusal.offline_member_cap.next">
        <source>Wait for the network.</source>
        <translation>Espere la conexión.</translation>
    </message>
    <message id="refusal.offline_needs_signed_code">
        <source>Offline, the member&apos;s offline code is needed</source>
        <translation>Sin red hace falta el código sin conexión</translation>
    </message>
    <message id="refusal.offline_needs_signed_code.next">
        <source>Ask for the large offline code and scan it.</source>
        <translation>Que el socio muestre el código grande.</translation>
    </message>
    <message id="refusal.offline_not_allowed">
        <source>This pass cannot be redeemed offline</source>
        <translation>Sin red no se puede canjear</translation>
    </message>
    <message id="refusal.offline_not_allowed.charge">
        <source>Cards cannot be charged offline</source>
        <translation>Sin conexión no se cobra de la tarjeta</translation>
    </message>
    <message id="refusal.offline_not_allowed.charge.next">
        <source>Use this till&apos;s code or another tender.</source>
        <translation>Código de esta caja u otro pago.</translation>
    </message>
    <message id="refusal.offline_not_allowed.next">
        <source>Let the customer scan this till&apos;s code, or sell for money.</source>
        <translation>Que el cliente lea el código de esta caja, o cóbrelo.</translation>
    </message>
    <message id="refusal.offline_not_allowed.refund">
        <source>Refunds need head office</source>
        <translation>Sin conexión no hay reembolsos</translation>
    </message>
    <message id="refusal.offline_not_allowed.refund.next">
        <source>Wait for the network; hand nothing out.</source>
        <translation>Espere la conexión; no entregue dinero.</translation>
    </message>
    <message id="refusal.offline_operation_cap">
        <source>Offline: at most {limit} per order</source>
        <translation>Sin red: máximo {limit} por pedido</translation>
    </message>
    <message id="refusal.offline_operation_cap.next">
        <source>Take some off.</source>
        <translation>Quite unidades.</translation>
    </message>
    <message id="refusal.offline_snapshot_too_old">
        <source>The member&apos;s offline code is too old</source>
        <translation>El código sin conexión es viejo</translation>
    </message>
    <message id="refusal.offline_snapshot_too_old.next">
        <source>Ask the member to refresh it online.</source>
        <translation>Que el socio lo actualice con conexión.</translation>
    </message>
    <message id="refusal.offline_sync_too_old">
        <source>Offline for too long</source>
        <translation>Demasiado tiempo sin red</translation>
    </message>
    <message id="refusal.offline_sync_too_old.next">
        <source>Wait for the network.</source>
        <translation>Espere la conexión.</translation>
    </message>
    <message id="refusal.offline_terminal_cap">
        <source>This till has used up its offline uses</source>
        <translation>Esta caja agotó sus canjes sin red</translation>
    </message>
    <message id="refusal.offline_terminal_cap.next">
        <source>Wait for the network.</source>
        <translation>Espere la conexión.</translation>
    </message>
    <message id="refusal.other">
        <source>Not done ({code})</source>
        <translation>No se pudo ({code})</translation>
    </message>
    <message id="refusal.other.next">
        <source>Try again; if it stays, tell head office this code.</source>
        <translation>Inténtelo otra vez; si sigue, dé este código a la central.</translation>
    </message>
    <message id="refusal.pairing_code_expired">
        <source>The pairing code has expired</source>
        <translation>El código ha caducado</translation>
    </message>
    <message id="refusal.pairing_code_expired.next">
        <source>Ask head office for a new one.</source>
        <translation>Pida otro a la central.</translation>
    </message>
    <message id="refusal.pairing_code_used">
        <source>The pairing code was used already</source>
        <translation>El código ya se usó</translation>
    </message>
    <message id="refusal.pairing_code_used.next">
        <source>Ask head office for a new one.</source>
        <translation>Pida otro a la central.</translation>
    </message>
    <message id="refusal.pairing_code_wrong">
        <source>The pairing code is wrong</source>
        <translation>El código no es correcto</translation>
    </message>
    <message id="refusal.pairing_code_wrong.next">
        <source>Check letters and digits.</source>
        <translation>Revise letras y cifras.</translation>
    </message>
    <message id="refusal.pairing_throttled">
        <source>Too many tries</source>
        <translation>Demasiados intentos</translation>
    </message>
    <message id="refusal.pairing_throttled.next">
        <source>Wait a few minutes.</source>
        <translation>Espere unos minutos.</translation>
    </message>
    <message id="refusal.pass_expired">
        <source>This pass has expired</source>
        <translation>Este bono ha caducado</translation>
    </message>
    <message id="refusal.pass_expired.next">
        <source>Choose another, or sell a new one.</source>
        <translation>Use otro o venda uno nuevo.</translation>
    </message>
    <message id="refusal.pass_not_active">
        <source>This pass cannot be used yet</source>
        <translation>Este bono aún no se puede usar</translation>
    </message>
    <message id="refusal.pass_not_active.next">
        <source>It awaits review at head office; choose another.</source>
        <translation>Espera la revisión de la central; use otro.</translation>
    </message>
    <message id="refusal.pass_other_member">
        <source>The pass belongs to another member</source>
        <translation>El bono es de otro socio</translation>
    </message>
    <message id="refusal.pass_other_member.charge">
        <source>The code is another member&apos;s</source>
        <translation>El código es de otro socio</translation>
    </message>
    <message id="refusal.pass_other_member.charge.next">
        <source>Scan this member&apos;s own, or change the member first.</source>
        <translation>Escanee el suyo o cambie de socio.</translation>
    </message>
    <message id="refusal.pass_other_member.next">
        <source>Scan the member&apos;s code again.</source>
        <translation>Lea otra vez el código del socio.</translation>
    </message>
    <message id="refusal.pass_other_merchant">
        <source>The pass belongs to another merchant</source>
        <translation>El bono es de otro comercio</translation>
    </message>
    <message id="refusal.pass_other_merchant.next">
        <source>It cannot be used here; choose another.</source>
        <translation>Aquí no se puede canjear; use otro.</translation>
    </message>
    <message id="refusal.pass_revoked">
        <source>The pass was revoked</source>
        <translation>El bono está anulado</translation>
    </message>
    <message id="refusal.pass_revoked.next">
        <source>Choose another, or call head office.</source>
        <translation>Use otro o llame a la central.</translation>
    </message>
    <message id="refusal.pass_unknown">
        <source>This pass is not known</source>
        <translation>No se encuentra el bono</translation>
    </message>
    <message id="refusal.pass_unknown.next">
        <source>Refresh the member and try again.</source>
        <translation>Actualice el socio y pruebe otra vez.</translation>
    </message>
    <message id="refusal.permission_missing">
        <source>You may not do this</source>
        <translation>No tiene permiso</translation>
    </message>
    <message id="refusal.permission_missing.approve">
        <source>This person may not approve it either</source>
        <translation>Esta persona tampoco tiene permiso</translation>
    </message>
    <message id="refusal.permission_missing.approve.next">
        <source>Ask somebody who may to type their PIN.</source>
        <translation>Pida el PIN a otra persona que sí pueda.</translation>
    </message>
    <message id="refusal.permission_missing.next">
        <source>Ask a colleague who may.</source>
        <translation>Pídalo a un compañero con permiso.</translation>
    </message>
    <message id="refusal.phone_invalid">
        <source>The phone number is not valid</source>
        <translation>El teléfono no vale</translation>
    </message>
    <message id="refusal.phone_invalid.create_member">
        <source>The phone number is not valid</source>
        <translation>El teléfono no vale</translation>
    </message>
    <message id="refusal.phone_invalid.create_member.next">
        <source>Type the whole number; one from abroad begins with + and its country.</source>
        <translation>Escriba el número entero; el extranjero, con + y su país.</translation>
    </message>
    <message id="refusal.phone_invalid.next">
        <source>Type the whole number, or its last four digits. One from abroad begins with + and its country.</source>
        <translation>Escriba el número entero o las cuatro últimas cifras. El extranjero, con + y su país.</translation>
    </message>
    <message id="refusal.pin_invalid">
        <source>A member&apos;s PIN has {least} to {most} digits</source>
        <translation>El PIN de un socio tiene de {least} a {most} cifras</translation>
    </message>
    <message id="refusal.pin_invalid.next">
        <source>Type digits only.</source>
        <translation>Escriba solo cifras.</translation>
    </message>
    <message id="refusal.pin_not_set">
        <source>This member has no PIN any more</source>
        <translation>Este socio ya no tiene PIN</translation>
    </message>
    <message id="refusal.pin_not_set.next">
        <source>Go back and confirm again; make sure it is them.</source>
        <translation>Vuelva y confirme otra vez; compruebe que es la persona.</translation>
    </message>
    <message id="refusal.pin_throttled">
        <source>Too many tries; wait {span}</source>
        <translation>Demasiados errores; espere {span}</translation>
    </message>
    <message id="refusal.pin_throttled.member_pin">
        <source>Too many tries; wait {span}</source>
        <translation>Demasiados intentos; espere {span}</translation>
    </message>
    <message id="refusal.pin_throttled.member_pin.next">
        <source>Until then, show the code on your phone.</source>
        <translation>Hasta entonces, muestre el código de su teléfono.</translation>
    </message>
    <message id="refusal.pin_throttled.next">
        <source>You can try again when the count ends.</source>
        <translation>Podrá probar cuando acabe la cuenta.</translation>
    </message>
    <message id="refusal.pin_too_easy">
        <source>This PIN is too easy to guess</source>
        <translation>Este PIN se adivina con facilidad</translation>
    </message>
    <message id="refusal.pin_too_easy.next">
        <source>Take another: no row of digits, and not the end of your phone number.</source>
        <translation>Elija otro: ni cifras seguidas o iguales, ni el final de su teléfono.</translation>
    </message>
    <message id="refusal.pin_wrong">
        <source>Wrong PIN; {attempts_left} tries left</source>
        <translation>PIN incorrecto; quedan {attempts_left} intentos</translation>
    </message>
    <message id="refusal.pin_wrong.member_pin">
        <source>Wrong PIN; {attempts_left} tries left</source>
        <translation>PIN incorrecto; quedan {attempts_left} intentos</translation>
    </message>
    <message id="refusal.pin_wrong.member_pin.next">
        <source>Type it again, or show the code on your phone.</source>
        <translation>Tecléelo otra vez o muestre el código de su teléfono.</translation>
    </message>
    <message id="refusal.pin_wrong.next">
        <source>Type it again.</source>
        <translation>Vuelva a escribirlo.</translation>
    </message>
    <message id="refusal.plan_not_on_sale">
        <source>This pass is no longer on sale</source>
        <translation>Este bono ya no se vende</translation>
    </message>
    <message id="refusal.plan_not_on_sale.next">
        <source>Choose another one.</source>
        <translation>Elija otro.</translation>
    </message>
    <message id="refusal.plan_unknown">
        <source>This kind of pass is not known</source>
        <translation>No se encuentra este tipo de bono</translation>
    </message>
    <message id="refusal.plan_unknown.next">
        <source>Refresh and try again.</source>
        <translation>Actualice y pruebe otra vez.</translation>
    </message>
    <message id="refusal.policy_invalid">
        <source>The offline policy does not hold</source>
        <translation>La norma sin conexión no es válida</translation>
    </message>
    <message id="refusal.policy_invalid.next">
        <source>Call head office.</source>
        <translation>Llame a la central.</translation>
    </message>
    <message id="refusal.price_changed">
        <source>The price has just changed</source>
        <translation>El precio acaba de cambiar</translation>
    </message>
    <message id="refusal.price_changed.next">
        <source>Check the new price and confirm again.</source>
        <translation>Compruebe el precio y confirme otra vez.</translation>
    </message>
    <message id="refusal.product_not_eligible">
        <source>The pass does not cover this product</source>
        <translation>El bono no cubre este producto</translation>
    </message>
    <message id="refusal.product_not_eligible.next">
        <source>Choose under On pass, or sell it for money.</source>
        <translation>Elija en «Con bono» o cóbrelo aparte.</translation>
    </message>
    <message id="refusal.product_unknown">
        <source>The product is no longer on sale</source>
        <translation>El producto ya no está a la venta</translation>
    </message>
    <message id="refusal.product_unknown.next">
        <source>Choose another one.</source>
        <translation>Elija otro.</translation>
    </message>
    <message id="refusal.refund_exceeds">
        <source>More than is left to refund</source>
        <translation>Es más de lo que queda por devolver</translation>
    </message>
    <message id="refusal.refund_exceeds.next">
        <source>Give a smaller amount.</source>
        <translation>Indique un importe menor.</translation>
    </message>
    <message id="refusal.refund_exceeds.refund">
        <source>At most {left} is left to refund</source>
        <translation>Como mucho {left}</translation>
    </message>
    <message id="refusal.refund_exceeds.refund.next">
        <source>Give a smaller amount.</source>
        <translation>Indique un importe menor.</translation>
    </message>
    <message id="refusal.refund_not_allowed">
        <source>This cannot be refunded here</source>
        <translation>Aquí no se puede devolver</translation>
    </message>
    <message id="refusal.refund_not_allowed.next">
        <source>Call head office.</source>
        <translation>Llame a la central.</translation>
    </message>
    <message id="refusal.request_abandoned">
        <source>Head office did not answer in time</source>
        <translation>La central no respondió a tiempo</translation>
    </message>
    <message id="refusal.request_abandoned.charge">
        <source>Head office did not answer in time</source>
        <translation>La central no respondió a tiempo</translation>
    </message>
    <message id="refusal.request_abandoned.charge.next">
        <source>Should it have charged, that is reversed by itself. Take another tender.</source>
        <translation>Si la central cobró, se anula sola. Use otro medio.</translation>
    </message>
    <message id="refusal.request_abandoned.next">
        <source>Confirm again.</source>
        <translation>Confirme otra vez.</translation>
    </message>
    <message id="refusal.request_expired">
        <source>What was sent came too late, or a clock is wrong</source>
        <translation>Lo enviado llegó tarde, o un reloj va mal</translation>
    </message>
    <message id="refusal.request_expired.next">
        <source>Records are kept and sent again by themselves. If it stays, call head office.</source>
        <translation>Todo se guarda y se reenvía solo. Si sigue, llame a la central.</translation>
    </message>
    <message id="refusal.request_malformed">
        <source>Head office cannot read what this till sends</source>
        <translation>La central no entiende lo que envía esta caja</translation>
    </message>
    <message id="refusal.request_malformed.next">
        <source>Records are kept and sent again by themselves. If it stays, call head office: the program may be of another version.</source>
        <translation>Todo se guarda y se reenvía solo. Si sigue, llame a la central: puede que el programa sea de otra versión.</translation>
    </message>
    <message id="refusal.request_replayed">
        <source>Head office has seen this very message before</source>
        <translation>La central ya había recibido este mismo mensaje</translation>
    </message>
    <message id="refusal.request_replayed.next">
        <source>It is sent anew by itself. If it stays, call head office.</source>
        <translation>Se envía de nuevo solo. Si sigue, llame a la central.</translation>
    </message>
    <message id="refusal.request_taken_back">
        <source>Head office has taken this back</source>
        <translation>La central lo ha anulado</translation>
    </message>
    <message id="refusal.request_taken_back.next">
        <source>Nothing is granted any more. Do not hand anything out; ask head office.</source>
        <translation>Ya no hay nada concedido. No entregue nada; pregunte a la central.</translation>
    </message>
    <message id="refusal.request_too_large">
        <source>Head office takes no message as large as this</source>
        <translation>El envío es demasiado grande para la central</translation>
    </message>
    <message id="refusal.request_too_large.next">
        <source>Less is sent at once, by itself. If it stays, call head office.</source>
        <translation>Se envía por partes, solo. Si sigue, llame a la central.</translation>
    </message>
    <message id="refusal.reservation_closed">
        <source>What was set aside has ended</source>
        <translation>Lo reservado ha terminado</translation>
    </message>
    <message id="refusal.reservation_closed.next">
        <source>Let the member set it aside anew, with this till&apos;s code.</source>
        <translation>Que el socio reserve de nuevo con el código de esta caja.</translation>
    </message>
    <message id="refusal.reservation_exceeds">
        <source>Set aside here at once: {left}</source>
        <translation>Reservado aquí de una vez: {left}</translation>
    </message>
    <message id="refusal.reservation_exceeds.charge">
        <source>Set aside here: {left}</source>
        <translation>Reservado aquí: {left}</translation>
    </message>
    <message id="refusal.reservation_exceeds.charge.next">
        <source>Take some off, or choose another tender.</source>
        <translation>Quite algo o elija otra forma de pago.</translation>
    </message>
    <message id="refusal.reservation_exceeds.next">
        <source>Take some off, and redeem the rest apart.</source>
        <translation>Quite unidades y canjee el resto aparte.</translation>
    </message>
    <message id="refusal.reservation_recalled">
        <source>What was set aside was called back</source>
        <translation>Lo reservado se ha reclamado</translation>
    </message>
    <message id="refusal.reservation_recalled.next">
        <source>Redeem online, or pay another way.</source>
        <translation>Canjee en línea o cobre de otro modo.</translation>
    </message>
    <message id="refusal.revocation_unproven">
        <source>A server says this till is revoked, and does not prove it</source>
        <translation>Un servidor dice que esta caja está de baja, y no lo prueba</translation>
    </message>
    <message id="refusal.revocation_unproven.next">
        <source>Sell on: nothing is handed in until a server proves who it is, and it is asked again by itself. Call head office if this stays.</source>
        <translation>Siga vendiendo: no se entrega nada hasta que un servidor pruebe quién es, y se vuelve a preguntar solo. Si no cambia, llame a la central.</translation>
    </message>
    <message id="refusal.revoked_queue_full">
        <source>Head office takes no more of this till&apos;s queue</source>
        <translation>La central no acepta más de la cola de esta caja</translation>
    </message>
    <message id="refusal.revoked_queue_full.next">
        <source>It was revoked long ago. What is left stays on this machine; call head office.</source>
        <translation>Está de baja hace tiempo. Lo que queda se conserva en este equipo; llame a la central.</translation>
    </message>
    <message id="refusal.sealing_key_missing">
        <source>This till cannot make members yet</source>
        <translation>Esta caja aún no puede dar de alta socios</translation>
    </message>
    <message id="refusal.sealing_key_missing.next">
        <source>Connect it to the server once; everything else works.</source>
        <translation>Conéctela una vez al servidor; lo demás sigue funcionando.</translation>
    </message>
    <message id="refusal.server_address_wrong">
        <source>This is not a server&apos;s address</source>
        <translation>Esto no es la dirección de un servidor</translation>
    </message>
    <message id="refusal.server_address_wrong.next">
        <source>It looks like https://tills.example.com; head office tells it.</source>
        <translation>Es como https://tills.example.com; la da la central.</translation>
    </message>
    <message id="refusal.server_too_old">
        <source>Head office&apos;s server is older than this program</source>
        <translation>El servidor central es más antiguo que el programa</translation>
    </message>
    <message id="refusal.server_too_old.next">
        <source>What is recorded is kept and sent. Call head office.</source>
        <translation>Lo registrado se guarda y se envía. Llame a la central.</translation>
    </message>
    <message id="refusal.shift_already_open">
        <source>The shift is open already</source>
        <translation>El turno ya está abierto</translation>
    </message>
    <message id="refusal.shift_already_open.next">
        <source>You can sell.</source>
        <translation>Puede cobrar.</translation>
    </message>
    <message id="refusal.shift_not_open">
        <source>No shift is open</source>
        <translation>No hay turno abierto</translation>
    </message>
    <message id="refusal.shift_not_open.next">
        <source>Open a shift first.</source>
        <translation>Abra el turno primero.</translation>
    </message>
    <message id="refusal.signature_invalid">
        <source>Head office does not accept this till&apos;s signature</source>
        <translation>La central no acepta la firma de esta caja</translation>
    </message>
    <message id="refusal.signature_invalid.next">
        <source>Records are kept and sent again by themselves. If it stays, call head office.</source>
        <translation>Todo se guarda y se reenvía solo. Si sigue, llame a la central.</translation>
    </message>
    <message id="refusal.signature_missing">
        <source>Head office could not tell that this till asked</source>
        <translation>La central no reconoció que preguntaba esta caja</translation>
    </message>
    <message id="refusal.signature_missing.next">
        <source>Records are kept and sent again by themselves. If it stays, call head office: something between changes what is sent.</source>
        <translation>Todo se guarda y se reenvía solo. Si sigue, llame a la central: algo cambia los envíos por el camino.</translation>
    </message>
    <message id="refusal.slip_not_printed_yet">
        <source>The original is still waiting</source>
        <translation>El original aún está en cola</translation>
    </message>
    <message id="refusal.slip_not_printed_yet.next">
        <source>It comes out when the printer is back.</source>
        <translation>Saldrá cuando la impresora vuelva.</translation>
    </message>
    <message id="refusal.slip_unknown">
        <source>No such slip</source>
        <translation>No se encuentra el tique</translation>
    </message>
    <message id="refusal.slip_unknown.next">
        <source>Choose it from the list.</source>
        <translation>Elíjalo en la lista.</translation>
    </message>
    <message id="refusal.slip_unknown.orders">
        <source>This till did not print {number}</source>
        <translation>Esta caja no imprimió {number}</translation>
    </message>
    <message id="refusal.slip_unknown.orders.next">
        <source>Check the number; look another till&apos;s slip up there.</source>
        <translation>Compruebe el número; el de otra caja búsquelo allí.</translation>
    </message>
    <message id="refusal.template_invalid">
        <source>The slip template is broken</source>
        <translation>La plantilla del tique está mal</translation>
    </message>
    <message id="refusal.template_invalid.next">
        <source>Call head office.</source>
        <translation>Llame a la central.</translation>
    </message>
    <message id="refusal.tender_insufficient">
        <source>Not enough money: {short} short</source>
        <translation>Falta dinero: {short}</translation>
    </message>
    <message id="refusal.tender_insufficient.next">
        <source>Check what was received.</source>
        <translation>Compruebe lo recibido.</translation>
    </message>
    <message id="refusal.tender_not_allowed">
        <source>The extra of a redemption takes cash or card only</source>
        <translation>El extra de un canje: solo efectivo o tarjeta</translation>
    </message>
    <message id="refusal.tender_not_allowed.next">
        <source>Choose another tender.</source>
        <translation>Elija otra forma de pago.</translation>
    </message>
    <message id="refusal.tender_unknown">
        <source>Unknown tender</source>
        <translation>Forma de pago desconocida</translation>
    </message>
    <message id="refusal.tender_unknown.next">
        <source>Choose another tender.</source>
        <translation>Elija otra forma de pago.</translation>
    </message>
    <message id="refusal.terminal_revoked">
        <source>Head office has revoked this till</source>
        <translation>La central ha dado de baja esta caja</translation>
    </message>
    <message id="refusal.terminal_revoked.next">
        <source>What is recorded will still be handed in, and the data stays. Call head office; to go on, this machine is paired anew: pos-app pair CODE --anew.</source>
        <translation>Lo registrado se entregará y los datos se conservan. Llame a la central; para seguir, empareje el equipo de nuevo: pos-app pair CÓDIGO --anew.</translation>
    </message>
    <message id="refusal.terminal_unknown">
        <source>Head office does not know this till</source>
        <translation>La central no conoce esta caja</translation>
    </message>
    <message id="refusal.terminal_unknown.next">
        <source>Call head office.</source>
        <translation>Llame a la central.</translation>
    </message>
    <message id="refusal.till_too_old">
        <source>This program is too old</source>
        <translation>El programa es antiguo</translation>
    </message>
    <message id="refusal.till_too_old.next">
        <source>Update it. What is recorded is still sent.</source>
        <translation>Actualice el programa. Lo registrado se sigue enviando.</translation>
    </message>
    <message id="refusal.transaction_unknown">
        <source>No such transaction</source>
        <translation>No existe esa operación</translation>
    </message>
    <message id="refusal.transaction_unknown.next">
        <source>Check the number.</source>
        <translation>Compruebe el número.</translation>
    </message>
    <message id="refusal.transaction_unknown.orders">
        <source>No such number</source>
        <translation>No hay ese número</translation>
    </message>
    <message id="refusal.transaction_unknown.orders.next">
        <source>Check the number, or scan the slip.</source>
        <translation>Compruebe el número o escanee el tique.</translation>
    </message>
    <message id="refusal.uses_exhausted">
        <source>Not enough uses: {uses_left} left</source>
        <translation>Faltan usos: quedan {uses_left}</translation>
    </message>
    <message id="refusal.uses_exhausted.next">
        <source>Take some off, choose another pass, or sell more uses.</source>
        <translation>Quite unidades, use otro bono o venda más usos.</translation>
    </message>
    <message id="refusal.uses_per_day_exceeded">
        <source>At most {limit} a day; {used_today} used today</source>
        <translation>Máximo {limit} al día; hoy van {used_today}</translation>
    </message>
    <message id="refusal.uses_per_day_exceeded.next">
        <source>Take some off, or choose another pass.</source>
        <translation>Quite unidades o use otro bono.</translation>
    </message>
    <message id="refusal.uses_per_order_exceeded">
        <source>At most {limit} per order</source>
        <translation>Máximo {limit} por pedido</translation>
    </message>
    <message id="refusal.uses_per_order_exceeded.next">
        <source>Put the rest on another order.</source>
        <translation>Lo demás, en otro pedido.</translation>
    </message>
    <message id="result.next">
        <source>Next customer</source>
        <translation>Siguiente</translation>
    </message>
    <message id="result.slips">
        <source>Slips</source>
        <translation>Tiques</translation>
    </message>
    <message id="revoked.detail">
        <source>{waits} Head office decides about each record: call them. To go on with this machine, pair it anew: pos-app pair CODE --anew</source>
        <translation>{waits} La central decide sobre cada registro: llámela. Para seguir con este equipo: pos-app pair CÓDIGO --anew</translation>
    </message>
    <message id="revoked.handed_in">
        <source>All records are handed in.</source>
        <translation>Todo lo registrado está entregado.</translation>
    </message>
    <message id="revoked.pending" numerus="yes">
        <source>{n} records wait to be handed in.</source>
        <translation>
            <numerusform>{n} registro espera para entregarse.</numerusform>
            <numerusform>{n} registros esperan para entregarse.</numerusform>
        </translation>
    </message>
    <message id="revoked.title">
        <source>Head office has revoked this till: it sells nothing more</source>
        <translation>La central ha dado de baja esta caja: ya no vende</translation>
    </message>
    <message id="risk.and">
        <source>,</source>
        <translation>,</translation>
    </message>
    <message id="risk.bounds">
        <source>Up to {operation} at a time, {day} per member and day; offline time left: {span}.</source>
        <translation>Hasta {operation} por operación y {day} por socio y día; tiempo sin conexión restante: {span}.</translation>
    </message>
    <message id="risk.enterprise_card">
        <source>{amount} of enterprise cards</source>
        <translation>{amount} de tarjetas de empresa</translation>
    </message>
    <message id="risk.help.fine">
        <source>The next contact with the server restores it.</source>
        <translation>La próxima conexión con la central lo repone.</translation>
    </message>
    <message id="risk.help.forked">
        <source>This till&apos;s records do not match head office&apos;s: no redemptions offline. Call head office.</source>
        <translation>Los registros de esta caja no coinciden con los de la central: sin canjes sin conexión. Llame a la central.</translation>
    </message>
    <message id="risk.help.frozen">
        <source>The clock cannot be trusted; connect to the server once.</source>
        <translation>El reloj no es de fiar: conecte una vez con la central.</translation>
    </message>
    <message id="risk.help.no_policy">
        <source>Head office allows no redemptions offline.</source>
        <translation>La central no permite canjes sin conexión.</translation>
    </message>
    <message id="risk.help.other">
        <source>Reason: {code}</source>
        <translation>Motivo: {code}</translation>
    </message>
    <message id="risk.help.revoked">
        <source>Head office has revoked this till: it may not sell. Its records will still be handed in; call head office.</source>
        <translation>La central revocó esta caja: no puede vender. Lo registrado se entregará; llame a la central.</translation>
    </message>
    <message id="risk.help.too_old">
        <source>Too long without contact: the next contact with the server restores it.</source>
        <translation>Demasiado tiempo sin conexión: se repone al conectar con la central.</translation>
    </message>
    <message id="risk.help.used_up">
        <source>Used up: the next contact with the server restores it.</source>
        <translation>El margen se agotó: se repone al conectar con la central.</translation>
    </message>
    <message id="risk.left">
        <source>{left} of {cap} uses</source>
        <translation>{left} de {cap} usos</translation>
    </message>
    <message id="risk.none">
        <source>None</source>
        <translation>Ninguno</translation>
    </message>
    <message id="risk.personal_card">
        <source>{amount} of personal cards</source>
        <translation>{amount} de tarjetas personales</translation>
    </message>
    <message id="risk.tickets">
        <source>{amount} tickets</source>
        <translation>{amount} entradas</translation>
    </message>
    <message id="risk.unused">
        <source>Head office allows {allowed}; this version of the till takes them online only.</source>
        <translation>La central permite {allowed}; esta versión de la caja solo los cobra con conexión.</translation>
    </message>
    <message id="risk.what">
        <source>Redeem {uses} of {pass_name} at risk: no network, and the clock is unproven</source>
        <translation>Canjear {uses} de {pass_name} con riesgo: sin red y con la hora sin confirmar</translation>
    </message>
    <message id="risk.what.card">
        <source>Take {amount} set aside here: no network, and the clock is unproven</source>
        <translation>Cobrar {amount} reservados aquí: sin red y con la hora sin confirmar</translation>
    </message>
    <message id="scan.digits">
        <source>Digits (F2)</source>
        <translation>Teclado numérico (F2)</translation>
    </message>
    <message id="scan.find">
        <source>Find member</source>
        <translation>Buscar socio</translation>
    </message>
    <message id="scan.pad.title">
        <source>Full phone number, or its last four digits</source>
        <translation>Teléfono completo o sus cuatro últimas cifras</translation>
    </message>
    <message id="scan.placeholder">
        <source>Code or phone</source>
        <translation>QR o teléfono</translation>
    </message>
    <message id="scan.spoken">
        <source>Member code or phone</source>
        <translation>Código o teléfono del socio</translation>
    </message>
    <message id="scanner.error">
        <source>Fault</source>
        <translation>Avería</translation>
    </message>
    <message id="scanner.help.error">
        <source>Try another USB port, or choose another camera under Scanners.</source>
        <translation>Cambie de puerto USB o elija otra cámara en Lectores.</translation>
    </message>
    <message id="scanner.help.lost">
        <source>Plug the camera or scanner in again; it comes back by itself. Use the phone number meanwhile.</source>
        <translation>Enchufe la cámara o el lector; vuelve solo. Mientras, use el teléfono.</translation>
    </message>
    <message id="scanner.help.none">
        <source>Drop a picture of the code on the window, or use the phone number.</source>
        <translation>Arrastre una imagen del QR a la ventana o use el teléfono.</translation>
    </message>
    <message id="scanner.help.offline">
        <source>Plug the camera or scanner in again; it comes back by itself. Use the phone number meanwhile.</source>
        <translation>Enchufe la cámara o el lector; vuelve solo. Mientras, use el teléfono.</translation>
    </message>
    <message id="scanner.help.other">
        <source>Check camera and scanner.</source>
        <translation>Revise la cámara y el lector.</translation>
    </message>
    <message id="scanner.lost">
        <source>Scanner lost</source>
        <translation>Sin lector</translation>
    </message>
    <message id="scanner.none">
        <source>None</source>
        <translation>No hay</translation>
    </message>
    <message id="scanner.offline">
        <source>Scanner lost</source>
        <translation>Lector perdido</translation>
    </message>
    <message id="scanner.other">
        <source>State {code}</source>
        <translation>Estado {code}</translation>
    </message>
    <message id="scanner.ready">
        <source>Ready</source>
        <translation>Listo</translation>
    </message>
    <message id="scanner.starting">
        <source>Starting</source>
        <translation>Abriendo</translation>
    </message>
    <message id="scanner.view.error">
        <source>The camera does not open</source>
        <translation>La cámara no se abre</translation>
    </message>
    <message id="scanner.view.lost">
        <source>Camera unplugged; it comes back when plugged in</source>
        <translation>Cámara desconectada; al enchufarla vuelve sola</translation>
    </message>
    <message id="scanner.view.none">
        <source>No camera: drop a picture of the code here</source>
        <translation>Sin cámara: arrastre aquí una imagen del QR</translation>
    </message>
    <message id="scanner.view.offline">
        <source>Camera unplugged; it comes back when plugged in</source>
        <translation>Cámara desconectada; al enchufarla vuelve sola</translation>
    </message>
    <message id="scanner.view.other">
        <source>Camera: {code}</source>
        <translation>Cámara: {code}</translation>
    </message>
    <message id="scanner.view.ready">
        <source>Waiting for a picture…</source>
        <translation>Esperando imagen…</translation>
    </message>
    <message id="scanner.view.starting">
        <source>Opening the camera…</source>
        <translation>Abriendo la cámara…</translation>
    </message>
    <message id="set_aside.detail">
        <source>Only this till can use it, also without a network. What is not used goes back by itself, at the latest at the end of the shift.</source>
        <translation>Solo esta caja puede usarlo, también sin red. Lo que no se usa vuelve solo, a más tardar al cerrar el turno.</translation>
    </message>
    <message id="set_aside.give_back">
        <source>Give back</source>
        <translation>Devolver</translation>
    </message>
    <message id="set_aside.here">
        <source>Set aside here until {time}: {amount}, {what}</source>
        <translation>Reservado aquí hasta {time}: {amount}, {what}</translation>
    </message>
    <message id="set_aside.none">
        <source>Nothing is set aside</source>
        <translation>No hay nada reservado</translation>
    </message>
    <message id="set_aside.none.detail">
        <source>A member can scan the code at the right with a phone.</source>
        <translation>El socio puede leer con el móvil el código de la derecha.</translation>
    </message>
    <message id="set_aside.of_card">
        <source>card</source>
        <translation>tarjeta</translation>
    </message>
    <message id="set_aside.origin.hq">
        <source>by head office</source>
        <translation>por la central</translation>
    </message>
    <message id="set_aside.origin.lease">
        <source>for a regular</source>
        <translation>para un habitual</translation>
    </message>
    <message id="set_aside.origin.member">
        <source>by the member</source>
        <translation>por el socio</translation>
    </message>
    <message id="set_aside.origin.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="set_aside.state.closing">
        <source>Given back, to be sent</source>
        <translation>Devuelta, por enviar</translation>
    </message>
    <message id="set_aside.state.expired">
        <source>Ended</source>
        <translation>Terminada</translation>
    </message>
    <message id="set_aside.state.open">
        <source>Open</source>
        <translation>Abierta</translation>
    </message>
    <message id="set_aside.state.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="set_aside.state.recalled">
        <source>Called back</source>
        <translation>Retirada</translation>
    </message>
    <message id="set_aside.title">
        <source>Set aside for this till</source>
        <translation>Reservado para esta caja</translation>
    </message>
    <message id="set_aside.until">
        <source>until {time}</source>
        <translation>hasta {time}</translation>
    </message>
    <message id="set_aside.who">
        <source>Member not known here</source>
        <translation>Socio desconocido aquí</translation>
    </message>
    <message id="settings.about">
        <source>This till</source>
        <translation>Esta caja</translation>
    </message>
    <message id="settings.bundle">
        <source>Write a file for support</source>
        <translation>Crear archivo para asistencia</translation>
    </message>
    <message id="settings.bundle.detail">
        <source>Log, crash reports and checks of this till; no customer&apos;s data.</source>
        <translation>Registro, informes de fallos y comprobaciones; sin datos de clientes.</translation>
    </message>
    <message id="settings.bundle.done">
        <source>Send this file to support</source>
        <translation>Envíe este archivo a asistencia</translation>
    </message>
    <message id="settings.camera">
        <source>Camera</source>
        <translation>Cámara para leer códigos</translation>
    </message>
    <message id="settings.camera.detail">
        <source>You can also drop a picture of a code on the window.</source>
        <translation>También puede arrastrar una imagen del QR a la ventana.</translation>
    </message>
    <message id="settings.customer">
        <source>Customer display</source>
        <translation>Pantalla del cliente</translation>
    </message>
    <message id="settings.customer.off">
        <source>Off</source>
        <translation>Ninguna</translation>
    </message>
    <message id="settings.customer.window">
        <source>In a window</source>
        <translation>En una ventana</translation>
    </message>
    <message id="settings.language">
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message id="settings.lock">
        <source>Locks by itself after</source>
        <translation>Bloqueo automático tras</translation>
    </message>
    <message id="settings.lock.after">
        <source>{n} min</source>
        <translation>{n} min</translation>
    </message>
    <message id="settings.lock.never">
        <source>Off</source>
        <translation>Nunca</translation>
    </message>
    <message id="settings.support">
        <source>Support</source>
        <translation>Asistencia</translation>
    </message>
    <message id="settings.theme">
        <source>Appearance</source>
        <translation>Aspecto</translation>
    </message>
    <message id="settings.theme.dark">
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message id="settings.theme.light">
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message id="sheet.back">
        <source>Back</source>
        <translation>Volver</translation>
    </message>
    <message id="sheet.ending">
        <source>Enter after each code</source>
        <translation>Intro tras cada código</translation>
    </message>
    <message id="sheet.intro">
        <source>Find the make of your scanner below. Cover the other codes with your hand while you scan one.</source>
        <translation>Busque la marca de su lector. Tape los demás códigos con la mano mientras lee uno.</translation>
    </message>
    <message id="sheet.keyboard">
        <source>Works as a USB keyboard</source>
        <translation>Funciona como teclado USB</translation>
    </message>
    <message id="sheet.layout">
        <source>US keyboard</source>
        <translation>Teclado de EE. UU.</translation>
    </message>
    <message id="sheet.not_printed">
        <source>The sheet was not printed. Printer: {why}</source>
        <translation>La hoja no se ha impreso. Impresora: {why}</translation>
    </message>
    <message id="sheet.not_printed.next">
        <source>Scan the codes from this screen, or print when the printer is ready.</source>
        <translation>Lea los códigos en esta pantalla o imprima cuando la impresora esté lista.</translation>
    </message>
    <message id="sheet.once">
        <source>Scan each code once, from top to bottom; the scanner beeps each time.</source>
        <translation>Lea cada código una vez, de arriba abajo; el lector pita cada vez.</translation>
    </message>
    <message id="sheet.others">
        <source>Zebra, Newland, others</source>
        <translation>Zebra, Newland y otras</translation>
    </message>
    <message id="sheet.others.detail">
        <source>Take the maker&apos;s quick guide and scan its codes for: USB keyboard (HID), US keyboard, Enter (CR) after the code.</source>
        <translation>Con la guía rápida del fabricante, lea sus códigos de: teclado USB (HID), teclado de EE. UU. e Intro (CR) tras el código.</translation>
    </message>
    <message id="sheet.others.prefix">
        <source>Then set the prefix %% (hex 25 25).</source>
        <translation>Después ponga el prefijo %% (hex. 25 25).</translation>
    </message>
    <message id="sheet.prefix">
        <source>%% before each code</source>
        <translation>%% antes de cada código</translation>
    </message>
    <message id="sheet.print">
        <source>Print the sheet</source>
        <translation>Imprimir la hoja</translation>
    </message>
    <message id="sheet.printed">
        <source>The sheet is printed</source>
        <translation>La hoja está impresa</translation>
    </message>
    <message id="sheet.show">
        <source>Set-up sheet</source>
        <translation>Hoja de configuración</translation>
    </message>
    <message id="sheet.title">
        <source>Scanner set-up</source>
        <translation>Configurar el lector</translation>
    </message>
    <message id="sheet.try">
        <source>Try it</source>
        <translation>Pruébelo</translation>
    </message>
    <message id="sheet.try.1">
        <source>Code like ours</source>
        <translation>Código como los nuestros</translation>
    </message>
    <message id="sheet.try.2">
        <source>Code of others</source>
        <translation>Código de otros</translation>
    </message>
    <message id="sheet.try.detail">
        <source>At the till: More, Scanners. Scan both codes; the screen says what arrived and what to do.</source>
        <translation>En la caja: Más, Lectores. Lea los dos códigos; la pantalla dice qué ha llegado y qué hacer.</translation>
    </message>
    <message id="sheet.unknown">
        <source>Nobody knows whether the sheet came out</source>
        <translation>No se sabe si la hoja ha salido</translation>
    </message>
    <message id="sheet.unknown.next">
        <source>Look at the printer, and print it again if it is missing.</source>
        <translation>Mire la impresora y, si falta, imprímala otra vez.</translation>
    </message>
    <message id="shift.blind">
        <source>Sums are not shown</source>
        <translation>Los totales no se muestran</translation>
    </message>
    <message id="shift.blind.detail">
        <source>You count blind when you close. A colleague who may settle cash differences sees the sums.</source>
        <translation>Al cerrar se cuenta a ciegas. Quien tiene permiso para diferencias de caja ve los totales.</translation>
    </message>
    <message id="shift.close">
        <source>Close the shift</source>
        <translation>Cerrar el turno</translation>
    </message>
    <message id="shift.closed">
        <source>No shift</source>
        <translation>Sin turno</translation>
    </message>
    <message id="shift.closed.spoken">
        <source>No shift is open</source>
        <translation>No hay turno abierto</translation>
    </message>
    <message id="shift.drawer">
        <source>Drawer</source>
        <translation>Cajón</translation>
    </message>
    <message id="shift.open">
        <source>Shift open</source>
        <translation>Turno abierto</translation>
    </message>
    <message id="shift.open.spoken">
        <source>The shift is open</source>
        <translation>El turno está abierto</translation>
    </message>
    <message id="shift.opened">
        <source>Opened by {name}, {moment}</source>
        <translation>Lo abrió {name} el {moment}</translation>
    </message>
    <message id="shift.shut">
        <source>This till is revoked: no money is moved</source>
        <translation>La caja está revocada: no se mueve dinero</translation>
    </message>
    <message id="shift.shut.detail">
        <source>The shift can still be counted and closed; head office gets the report.</source>
        <translation>El turno se puede contar y cerrar; la central recibirá el cierre.</translation>
    </message>
    <message id="shift.title">
        <source>Shift</source>
        <translation>Turno</translation>
    </message>
    <message id="shift.x">
        <source>X report</source>
        <translation>Informe X</translation>
    </message>
    <message id="shift.x.card_charged">
        <source>Paid from card balance</source>
        <translation>Pagado con saldo</translation>
    </message>
    <message id="shift.x.card_charges">
        <source>Card balance payments</source>
        <translation>Pagos con saldo</translation>
    </message>
    <message id="shift.x.detail">
        <source>The shift&apos;s sums so far; it closes nothing.</source>
        <translation>Totales del turno hasta ahora; no cierra nada.</translation>
    </message>
    <message id="shift.x.expected">
        <source>Expected · {tender}</source>
        <translation>Esperado · {tender}</translation>
    </message>
    <message id="shift.x.float">
        <source>Float</source>
        <translation>Fondo inicial</translation>
    </message>
    <message id="shift.x.given_back">
        <source>Given back · {tender}</source>
        <translation>Devuelto · {tender}</translation>
    </message>
    <message id="shift.x.no_sales">
        <source>Drawer openings</source>
        <translation>Aperturas de cajón</translation>
    </message>
    <message id="shift.x.orders">
        <source>Sales</source>
        <translation>Ventas</translation>
    </message>
    <message id="shift.x.pass_sales">
        <source>Passes sold</source>
        <translation>Bonos vendidos</translation>
    </message>
    <message id="shift.x.redemptions">
        <source>Redemptions</source>
        <translation>Canjes</translation>
    </message>
    <message id="shift.x.refunds">
        <source>Refunds</source>
        <translation>Devoluciones</translation>
    </message>
    <message id="shift.x.reprints">
        <source>Reprints</source>
        <translation>Copias</translation>
    </message>
    <message id="shift.x.taken">
        <source>Taken · {tender}</source>
        <translation>Cobrado · {tender}</translation>
    </message>
    <message id="shift.x.top_ups">
        <source>Top-ups</source>
        <translation>Recargas</translation>
    </message>
    <message id="shift.x.uses">
        <source>Uses redeemed</source>
        <translation>Usos canjeados</translation>
    </message>
    <message id="shut.detail">
        <source>This till is revoked</source>
        <translation>Esta caja está dada de baja</translation>
    </message>
    <message id="shut.paid.detail">
        <source>Only if the customer has paid: head office decides about it. If not, empty the basket and take nothing.</source>
        <translation>Regístrelo solo si el cliente ya pagó; la central decidirá. Si no ha pagado, vacíe el pedido y no cobre nada.</translation>
    </message>
    <message id="shut.paid.title">
        <source>Already paid? Record it</source>
        <translation>¿Ya está pagado? Regístrelo</translation>
    </message>
    <message id="shut.redeem.detail">
        <source>Give back what was paid and empty the basket.</source>
        <translation>Devuelva lo pagado y vacíe el pedido.</translation>
    </message>
    <message id="shut.redeem.title">
        <source>Uses cannot be taken off any more</source>
        <translation>Ya no se pueden descontar usos</translation>
    </message>
    <message id="shut.title">
        <source>No new sales</source>
        <translation>Sin ventas nuevas</translation>
    </message>
    <message id="sign_in.busy">
        <source>Checking…</source>
        <translation>Comprobando…</translation>
    </message>
    <message id="sign_in.loading">
        <source>Fetching data from head office</source>
        <translation>Descargando datos de la central</translation>
    </message>
    <message id="sign_in.loading.detail">
        <source>You can sign in as soon as the staff list has arrived.</source>
        <translation>Podrá entrar cuando lleguen los cajeros.</translation>
    </message>
    <message id="sign_in.pin">
        <source>PIN</source>
        <translation>PIN</translation>
    </message>
    <message id="sign_in.submit">
        <source>Sign in</source>
        <translation>Entrar</translation>
    </message>
    <message id="sign_in.title">
        <source>Enter your PIN</source>
        <translation>Introduzca su PIN</translation>
    </message>
    <message id="sign_in.training">
        <source>Training</source>
        <translation>Prácticas</translation>
    </message>
    <message id="slip.copy">
        <source>Reprint {n}</source>
        <translation>Copia {n}</translation>
    </message>
    <message id="slip.kind.CARD_CHARGE_SLIP">
        <source>Card payment ticket</source>
        <translation>Tique pagado con saldo</translation>
    </message>
    <message id="slip.kind.CASH_MOVEMENT_SLIP">
        <source>Cash movement slip</source>
        <translation>Movimiento de caja</translation>
    </message>
    <message id="slip.kind.PASS_REDEMPTION_SLIP">
        <source>Redemption slip</source>
        <translation>Canje de bono</translation>
    </message>
    <message id="slip.kind.PASS_SALE_SLIP">
        <source>Pass sale slip</source>
        <translation>Venta de bono</translation>
    </message>
    <message id="slip.kind.REFUND_SLIP">
        <source>Refund slip</source>
        <translation>Vale de devolución</translation>
    </message>
    <message id="slip.kind.SALES_TICKET">
        <source>Sales ticket</source>
        <translation>Tique de venta</translation>
    </message>
    <message id="slip.kind.SALE_REFUND_SLIP">
        <source>Refund slip of a sale</source>
        <translation>Devolución de venta</translation>
    </message>
    <message id="slip.kind.TOPUP_SLIP">
        <source>Top-up slip</source>
        <translation>Vale de recarga</translation>
    </message>
    <message id="slip.kind.Z_REPORT">
        <source>Z report</source>
        <translation>Informe Z</translation>
    </message>
    <message id="slip.kind.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="slip.state.copy_ordered">
        <source>Copy ordered</source>
        <translation>Se imprimió copia</translation>
    </message>
    <message id="slip.state.handed_over">
        <source>Handed over</source>
        <translation>Entregado</translation>
    </message>
    <message id="slip.state.not_printed">
        <source>Not printed</source>
        <translation>Sin imprimir</translation>
    </message>
    <message id="slip.state.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="slip.state.printed">
        <source>Printed</source>
        <translation>Impreso</translation>
    </message>
    <message id="slip.state.queued">
        <source>Waiting</source>
        <translation>En cola</translation>
    </message>
    <message id="slip.state.sending">
        <source>Printing</source>
        <translation>Imprimiendo</translation>
    </message>
    <message id="slip.state.unknown">
        <source>Unsure</source>
        <translation>Sin confirmar</translation>
    </message>
    <message id="slip.unknown.ask">
        <source>Printing was cut off. Look at the printer: is the paper there?</source>
        <translation>La impresión se cortó. Mire la impresora: ¿salió el papel?</translation>
    </message>
    <message id="slip.unknown.no">
        <source>No, print a copy</source>
        <translation>No, imprimir copia</translation>
    </message>
    <message id="slip.unknown.yes">
        <source>Yes, it is complete</source>
        <translation>Sí, salió entero</translation>
    </message>
    <message id="slip.waits">
        <source>It comes out when the printer is back.</source>
        <translation>Saldrá cuando la impresora vuelva.</translation>
    </message>
    <message id="slips.none">
        <source>No slips yet</source>
        <translation>Todavía no hay tiques</translation>
    </message>
    <message id="slips.reprint_last">
        <source>Reprint last (F9)</source>
        <translation>Repetir último (F9)</translation>
    </message>
    <message id="slips.title">
        <source>Latest slips</source>
        <translation>Últimos tiques</translation>
    </message>
    <message id="span.days" numerus="yes">
        <source>{n} days</source>
        <translation>
            <numerusform>{n} día</numerusform>
            <numerusform>{n} días</numerusform>
        </translation>
    </message>
    <message id="span.hours">
        <source>{n} h</source>
        <translation>{n} h</translation>
    </message>
    <message id="span.minutes">
        <source>{n} min</source>
        <translation>{n} min</translation>
    </message>
    <message id="span.seconds">
        <source>{n} s</source>
        <translation>{n} s</translation>
    </message>
    <message id="spending.at_risk">
        <source>Offline: redeem with the member&apos;s offline code, up to a limit. Sales go on as usual.</source>
        <translation>Sin red: canjee con el código sin conexión del socio, con límite. Ventas y cobros, normal.</translation>
    </message>
    <message id="spending.frozen">
        <source>Offline and the clock is unproven: redeeming needs a manager. Sales go on as usual.</source>
        <translation>Sin red y hora sin confirmar: canjear requiere a un responsable. Ventas y cobros, normal.</translation>
    </message>
    <message id="spending.none">
        <source>Offline: no redemptions. Sales go on as usual.</source>
        <translation>Sin red: no se puede canjear. Ventas y cobros, normal.</translation>
    </message>
    <message id="spending.online">
        <source>Redemptions are confirmed online.</source>
        <translation>Los canjes se confirman en línea.</translation>
    </message>
    <message id="spending.other">
        <source>Offline ({code}).</source>
        <translation>Sin red ({code}).</translation>
    </message>
    <message id="spending.reserved">
        <source>Offline: {amount} set aside here until {time}. Redeem as usual.</source>
        <translation>Sin red: {amount} reservados aquí hasta {time}. Canjee como siempre.</translation>
    </message>
    <message id="spending.reserved.frozen">
        <source>The clock is unproven: a manager must approve.</source>
        <translation>Hora sin confirmar: hace falta un responsable.</translation>
    </message>
    <message id="split.add">
        <source>Add a payment</source>
        <translation>Añadir un pago</translation>
    </message>
    <message id="split.amount">
        <source>Amount</source>
        <translation>Importe</translation>
    </message>
    <message id="split.card">
        <source>The card&apos;s balance pays alone</source>
        <translation>El saldo de la tarjeta paga solo</translation>
    </message>
    <message id="split.card.detail">
        <source>Undo the parts taken first, or take the rest another way.</source>
        <translation>Quite antes los pagos anotados o cobre el resto de otra forma.</translation>
    </message>
    <message id="split.excess">
        <source>Too much</source>
        <translation>Sobra</translation>
    </message>
    <message id="split.excess.amount">
        <source>{amount} too much: undo a part</source>
        <translation>Sobran {amount}: quite un pago</translation>
    </message>
    <message id="split.hint">
        <source>An amount, then how it is paid. No amount: all that is left.</source>
        <translation>Importe y medio de pago. Sin importe, todo.</translation>
    </message>
    <message id="split.left">
        <source>Left to pay</source>
        <translation>Falta</translation>
    </message>
    <message id="split.paid">
        <source>Paid in full</source>
        <translation>Pagado</translation>
    </message>
    <message id="split.single">
        <source>One tender instead</source>
        <translation>Un solo medio</translation>
    </message>
    <message id="split.title">
        <source>Split payment</source>
        <translation>Pago dividido</translation>
    </message>
    <message id="split.undo">
        <source>Undo {tender} {amount}</source>
        <translation>Quitar {tender} {amount}</translation>
    </message>
    <message id="starting.detail">
        <source>Opening this till&apos;s journal…</source>
        <translation>Abriendo el diario de esta caja…</translation>
    </message>
    <message id="starting.retry">
        <source>Try again</source>
        <translation>Reintentar</translation>
    </message>
    <message id="starting.title">
        <source>Starting</source>
        <translation>Arrancando</translation>
    </message>
    <message id="tab.pass">
        <source>On pass</source>
        <translation>Con bono</translation>
    </message>
    <message id="tender.alipay">
        <source>Alipay</source>
        <translation>Alipay</translation>
    </message>
    <message id="tender.bank_card">
        <source>Card</source>
        <translation>Tarjeta</translation>
    </message>
    <message id="tender.bizum">
        <source>Bizum</source>
        <translation>Bizum</translation>
    </message>
    <message id="tender.card">
        <source>Card balance (F6)</source>
        <translation>Saldo de tarjeta (F6)</translation>
    </message>
    <message id="tender.card.spoken">
        <source>Pay from the card&apos;s balance: scan the member&apos;s code</source>
        <translation>Pagar con el saldo de la tarjeta: escanee el código del socio</translation>
    </message>
    <message id="tender.cash">
        <source>Cash</source>
        <translation>Efectivo</translation>
    </message>
    <message id="tender.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="tender.platform">
        <source>Platform</source>
        <translation>Plataforma</translation>
    </message>
    <message id="tender.split">
        <source>Split</source>
        <translation>Dividir</translation>
    </message>
    <message id="tender.split.spoken">
        <source>Pay with several tenders</source>
        <translation>Pagar con varios medios</translation>
    </message>
    <message id="tender.wechat">
        <source>WeChat</source>
        <translation>WeChat</translation>
    </message>
    <message id="tile.covered">
        <source>Covered</source>
        <translation>Incluido</translation>
    </message>
    <message id="till_code.detail">
        <source>No network here? A member with a phone scans it, sets uses or money aside for this till, and shows you the code that appears.</source>
        <translation>¿Sin red? El socio lo lee con el móvil, reserva usos o saldo para esta caja y le enseña el código que aparece.</translation>
    </message>
    <message id="till_code.none">
        <source>There is none in training: no phone would find a server.</source>
        <translation>En prácticas no hay: ningún móvil encontraría el servidor.</translation>
    </message>
    <message id="till_code.not_printed">
        <source>It was not printed</source>
        <translation>No se imprimió</translation>
    </message>
    <message id="till_code.page">
        <source>Our network is down. Your pass still works.</source>
        <translation>Estamos sin red. Su bono sigue valiendo.</translation>
    </message>
    <message id="till_code.print">
        <source>Print for the counter</source>
        <translation>Imprimir para el mostrador</translation>
    </message>
    <message id="till_code.printed">
        <source>Printed.</source>
        <translation>Impreso.</translation>
    </message>
    <message id="till_code.spoken">
        <source>QR code of this till</source>
        <translation>Código QR de esta caja</translation>
    </message>
    <message id="till_code.step.1">
        <source>Scan the code with your phone.</source>
        <translation>Lea el código con su móvil.</translation>
    </message>
    <message id="till_code.step.2">
        <source>Choose what to set aside for this till.</source>
        <translation>Elija qué reservar para esta caja.</translation>
    </message>
    <message id="till_code.step.3">
        <source>Show the code that appears.</source>
        <translation>Enseñe el código que aparece.</translation>
    </message>
    <message id="till_code.title">
        <source>This till&apos;s code</source>
        <translation>Código de esta caja</translation>
    </message>
    <message id="till_code.typed">
        <source>Or type this on the member page:</source>
        <translation>O escriba esto en la página del socio:</translation>
    </message>
    <message id="top_up.amount">
        <source>Other amount</source>
        <translation>Otro importe</translation>
    </message>
    <message id="top_up.asked">
        <source>Company card {card} · asked by {name}</source>
        <translation>Tarjeta de empresa {card} · lo pide {name}</translation>
    </message>
    <message id="top_up.bonus">
        <source>Bonus</source>
        <translation>Bonificación</translation>
    </message>
    <message id="top_up.brings">
        <source>+{amount}</source>
        <translation>+{amount}</translation>
    </message>
    <message id="top_up.change">
        <source>For: {card}. Choose another card</source>
        <translation>Para: {card}. Elegir otra tarjeta</translation>
    </message>
    <message id="top_up.credit">
        <source>Credit</source>
        <translation>Se abona</translation>
    </message>
    <message id="top_up.lost">
        <source>The company chosen is gone</source>
        <translation>La empresa elegida ya no está</translation>
    </message>
    <message id="top_up.lost.detail">
        <source>This member does not administer it any more, or its card has ended. Choose again; nothing was topped up.</source>
        <translation>Este socio ya no la administra, o su tarjeta terminó. Elija otra vez; no se recargó nada.</translation>
    </message>
    <message id="top_up.member">
        <source>Scan the member first</source>
        <translation>Escanee primero al socio</translation>
    </message>
    <message id="top_up.member.detail">
        <source>The credit goes to the member&apos;s card.</source>
        <translation>La recarga va a su tarjeta.</translation>
    </message>
    <message id="top_up.no_bonus">
        <source>none</source>
        <translation>ninguna</translation>
    </message>
    <message id="top_up.offline">
        <source>Topping up works offline</source>
        <translation>Se puede recargar sin conexión</translation>
    </message>
    <message id="top_up.offline.detail">
        <source>The credit comes with the sync; the slip says so.</source>
        <translation>Se abona al sincronizar; el tique lo indica.</translation>
    </message>
    <message id="top_up.order">
        <source>Top-up</source>
        <translation>Recarga</translation>
    </message>
    <message id="top_up.other_currency">
        <source>{currency} is not taken here</source>
        <translation>aquí no se admite {currency}</translation>
    </message>
    <message id="top_up.own">
        <source>Own card</source>
        <translation>Su tarjeta</translation>
    </message>
    <message id="top_up.paid">
        <source>Top-up</source>
        <translation>Recarga</translation>
    </message>
    <message id="top_up.prompt">
        <source>Choose an amount</source>
        <translation>Elija el importe</translation>
    </message>
    <message id="top_up.prompt.detail">
        <source>Bonus and credit will show here.</source>
        <translation>Aquí verá la bonificación y el saldo que se abona.</translation>
    </message>
    <message id="top_up.title">
        <source>Amount</source>
        <translation>Importe</translation>
    </message>
    <message id="top_up.which">
        <source>Which card?</source>
        <translation>¿Qué tarjeta?</translation>
    </message>
    <message id="training.anew">
        <source>Start again</source>
        <translation>Volver a empezar</translation>
    </message>
    <message id="training.anew.detail">
        <source>The practice stays as it is when you leave. Emptied, it is as on the first day: no shift, no sales, cards as at the start.</source>
        <translation>Al salir, las prácticas se quedan como están. Vaciadas, todo vuelve al primer día: sin turno, sin ventas y con las tarjetas como al principio.</translation>
    </message>
    <message id="training.bar">
        <source>TRAINING</source>
        <translation>PRÁCTICAS</translation>
    </message>
    <message id="training.bar.detail">
        <source>Nothing is sold, booked or sent</source>
        <translation>Nada se vende, se anota ni se envía</translation>
    </message>
    <message id="training.begin">
        <source>Begin training</source>
        <translation>Empezar las prácticas</translation>
    </message>
    <message id="training.leave">
        <source>Leave training</source>
        <translation>Salir de prácticas</translation>
    </message>
    <message id="training.people">
        <source>Members to practise with</source>
        <translation>Socios para practicar</translation>
    </message>
    <message id="training.people.detail">
        <source>A tap is a scan of their code. By phone they are found by the last four digits.</source>
        <translation>Un toque equivale a escanear su código. Por teléfono se encuentran con las cuatro últimas cifras.</translation>
    </message>
    <message id="training.person">
        <source>Phone …{phone} · {uses}</source>
        <translation>Teléfono …{phone} · {uses}</translation>
    </message>
    <message id="training.person.pin">
        <source>{person} · PIN {pin}</source>
        <translation>{person} · PIN {pin}</translation>
    </message>
    <message id="training.pins">
        <source>PIN {cashier}: cashier. PIN {manager}: manager.</source>
        <translation>PIN {cashier}: caja. PIN {manager}: responsable.</translation>
    </message>
    <message id="training.point.kept">
        <source>This till waits, locked, as it is</source>
        <translation>Esta caja espera bloqueada, tal como está</translation>
    </message>
    <message id="training.point.kept.detail">
        <source>Shift, basket and held baskets stay. What still has to be sent or printed goes on.</source>
        <translation>El turno, la cesta y las cestas en espera se conservan. Lo que quede por enviar o imprimir sigue su curso.</translation>
    </message>
    <message id="training.point.leave">
        <source>Leave at any time</source>
        <translation>Salga cuando quiera</translation>
    </message>
    <message id="training.point.leave.detail">
        <source>The orange bar has the button. Then sign in with your own PIN.</source>
        <translation>El botón está en la barra naranja. Después entre con su propio PIN.</translation>
    </message>
    <message id="training.point.people">
        <source>Your catalogue, made-up members</source>
        <translation>Su catálogo, socios inventados</translation>
    </message>
    <message id="training.point.people.detail">
        <source>Sell, redeem, top up, charge, refund and close a shift. Nothing of it is sold, booked or sent.</source>
        <translation>Venda, canjee, recargue, cobre, devuelva y cierre un turno. Nada de ello se vende, se anota ni se envía.</translation>
    </message>
    <message id="training.point.slips">
        <source>Slips are marked and worth nothing</source>
        <translation>Los tiques van marcados y no tienen valor</translation>
    </message>
    <message id="training.point.slips.detail">
        <source>Numbers of their own, no check code. The drawer stays shut.</source>
        <translation>Numeración propia, sin código de comprobación. El cajón no se abre.</translation>
    </message>
    <message id="training.reset">
        <source>Empty the practice</source>
        <translation>Vaciar las prácticas</translation>
    </message>
    <message id="training.reset.sure">
        <source>Yes, empty it now</source>
        <translation>Sí, vaciar ahora</translation>
    </message>
    <message id="training.staff">
        <source>Staff to practise as</source>
        <translation>Personal de prácticas</translation>
    </message>
    <message id="training.staff.detail">
        <source>What a cashier may not do alone, the manager approves by PIN.</source>
        <translation>Lo que la caja no puede hacer sola, un responsable lo aprueba con su PIN.</translation>
    </message>
    <message id="trial.caps_lock">
        <source>Capitals and small letters are swapped</source>
        <translation>Mayúsculas y minúsculas están cambiadas</translation>
    </message>
    <message id="trial.caps_lock.next">
        <source>Switch Caps Lock off on the keyboard, then scan again.</source>
        <translation>Quite el bloqueo de mayúsculas del teclado y lea otra vez.</translation>
    </message>
    <message id="trial.closing">
        <source>The digits above reach both edges when the paper width is right. This is no receipt.</source>
        <translation>Con el ancho correcto, las cifras llegan a los dos bordes. Esto no es un tique.</translation>
    </message>
    <message id="trial.count">
        <source>{got} of {of}</source>
        <translation>{got} de {of}</translation>
    </message>
    <message id="trial.cut">
        <source>Characters were lost</source>
        <translation>Se han perdido caracteres</translation>
    </message>
    <message id="trial.cut.next">
        <source>Hold the scanner closer and scan again. If it stays so, use another cable or USB port.</source>
        <translation>Acerque el lector y lea otra vez. Si sigue igual, cambie el cable o el puerto USB.</translation>
    </message>
    <message id="trial.detail">
        <source>Scan a code from this screen or from the sheet. Nothing is sold or looked up here.</source>
        <translation>Lea un código de esta pantalla o de la hoja. Aquí no se vende ni se busca nada.</translation>
    </message>
    <message id="trial.ending.enter">
        <source>Enter</source>
        <translation>Intro</translation>
    </message>
    <message id="trial.ending.none">
        <source>None</source>
        <translation>Ninguna</translation>
    </message>
    <message id="trial.ending.tab">
        <source>Tab</source>
        <translation>Tabulador</translation>
    </message>
    <message id="trial.extra">
        <source>Complete, with something added</source>
        <translation>Completo, pero con algo añadido</translation>
    </message>
    <message id="trial.extra.next">
        <source>Remove prefix, suffix and code identifier from the scanner with its guide.</source>
        <translation>Quite al lector el prefijo, el sufijo y el identificador de código con su guía.</translation>
    </message>
    <message id="trial.fact.changed">
        <source>Changed</source>
        <translation>Cambiados</translation>
    </message>
    <message id="trial.fact.count">
        <source>Characters</source>
        <translation>Caracteres</translation>
    </message>
    <message id="trial.fact.ending">
        <source>Ending key</source>
        <translation>Tecla final</translation>
    </message>
    <message id="trial.fact.extra">
        <source>Added characters</source>
        <translation>Caracteres añadidos</translation>
    </message>
    <message id="trial.fact.source">
        <source>Read by</source>
        <translation>Leído por</translation>
    </message>
    <message id="trial.fact.speed">
        <source>Speed</source>
        <translation>Velocidad</translation>
    </message>
    <message id="trial.fact.text">
        <source>Arrived</source>
        <translation>Ha llegado</translation>
    </message>
    <message id="trial.good">
        <source>Complete and unchanged</source>
        <translation>Completo y sin cambios</translation>
    </message>
    <message id="trial.good.next">
        <source>This scanner is ready for work.</source>
        <translation>Este lector está listo para trabajar.</translation>
    </message>
    <message id="trial.heading">
        <source>Try a scanner</source>
        <translation>Probar un lector</translation>
    </message>
    <message id="trial.layout_de">
        <source>Read through a German keyboard</source>
        <translation>Leído con un teclado alemán</translation>
    </message>
    <message id="trial.layout_de.next">
        <source>Set the scanner to a German keyboard with its guide, or this computer to Spanish or English.</source>
        <translation>Ponga el lector en teclado alemán con su guía, o este equipo en español o inglés.</translation>
    </message>
    <message id="trial.layout_es">
        <source>Read through a Spanish keyboard</source>
        <translation>Leído con un teclado español</translation>
    </message>
    <message id="trial.layout_es.next">
        <source>Our codes arrive unchanged. For other codes, set the scanner to a Spanish keyboard with its guide.</source>
        <translation>Nuestros códigos llegan bien. Para otros, ponga el lector en teclado español con su guía.</translation>
    </message>
    <message id="trial.layout_fr">
        <source>Read through a French keyboard</source>
        <translation>Leído con un teclado francés</translation>
    </message>
    <message id="trial.layout_fr.next">
        <source>Set the scanner to a French keyboard with its guide, or this computer to Spanish or English.</source>
        <translation>Ponga el lector en teclado francés con su guía, o este equipo en español o inglés.</translation>
    </message>
    <message id="trial.layout_other">
        <source>Some characters were changed</source>
        <translation>Algunos caracteres han cambiado</translation>
    </message>
    <message id="trial.layout_other.next">
        <source>Set the scanner to this computer&apos;s keyboard language with its guide.</source>
        <translation>Ponga el lector en el idioma de teclado de este equipo con su guía.</translation>
    </message>
    <message id="trial.no_ending">
        <source>Complete, but no Enter came after it</source>
        <translation>Completo, pero sin Intro al final</translation>
    </message>
    <message id="trial.no_ending.next">
        <source>It works; with Enter it is quicker and safer. The sheet has the code for it.</source>
        <translation>Funciona; con Intro es más rápido y seguro. El código está en la hoja.</translation>
    </message>
    <message id="trial.no_prefix">
        <source>Complete, but without the prefix</source>
        <translation>Completo, pero sin el prefijo</translation>
    </message>
    <message id="trial.no_prefix.next">
        <source>Scan the prefix code on the sheet, or choose “Nothing” at the left.</source>
        <translation>Lea el código del prefijo en la hoja o elija «Nada» a la izquierda.</translation>
    </message>
    <message id="trial.other_code">
        <source>Another code was read</source>
        <translation>Se ha leído otro código</translation>
    </message>
    <message id="trial.other_code.next">
        <source>Scan one of the two test codes above.</source>
        <translation>Lea uno de los dos códigos de prueba de arriba.</translation>
    </message>
    <message id="trial.printer">
        <source>Printer</source>
        <translation>Impresora</translation>
    </message>
    <message id="trial.slow">
        <source>Complete, but typed slowly</source>
        <translation>Completo, pero escrito despacio</translation>
    </message>
    <message id="trial.slow.next">
        <source>Set the delay between keys to none with its guide, or use the prefix: then speed does not matter.</source>
        <translation>Quite la pausa entre teclas con su guía o use el prefijo: así la velocidad no importa.</translation>
    </message>
    <message id="trial.source.camera">
        <source>Camera</source>
        <translation>Cámara</translation>
    </message>
    <message id="trial.source.picture">
        <source>Picture file</source>
        <translation>Archivo de imagen</translation>
    </message>
    <message id="trial.source.serial">
        <source>Serial scanner</source>
        <translation>Lector serie</translation>
    </message>
    <message id="trial.source.wedge">
        <source>Keyboard scanner</source>
        <translation>Lector de teclado</translation>
    </message>
    <message id="trial.speed">
        <source>{n} ms per key</source>
        <translation>{n} ms por tecla</translation>
    </message>
    <message id="trial.time">
        <source>Time</source>
        <translation>Hora</translation>
    </message>
    <message id="trial.title">
        <source>TEST PAGE</source>
        <translation>PÁGINA DE PRUEBA</translation>
    </message>
    <message id="trial.waiting">
        <source>Waiting for a scan</source>
        <translation>Esperando una lectura</translation>
    </message>
    <message id="trial.waiting.detail">
        <source>You will see here what arrived, and what to do if something is wrong.</source>
        <translation>Aquí verá qué ha llegado y qué hacer si algo va mal.</translation>
    </message>
    <message id="trouble.already_running">
        <source>The till is running already</source>
        <translation>La caja ya está abierta</translation>
    </message>
    <message id="trouble.already_running.next">
        <source>Use the other window, or close it first.</source>
        <translation>Use la otra ventana o ciérrela.</translation>
    </message>
    <message id="trouble.data_dir_unwritable">
        <source>The data folder cannot be written</source>
        <translation>No se puede escribir en la carpeta de datos</translation>
    </message>
    <message id="trouble.data_dir_unwritable.next">
        <source>Check its permissions: {path}</source>
        <translation>Revise los permisos: {path}</translation>
    </message>
    <message id="trouble.disk_full">
        <source>The disk is full</source>
        <translation>El disco está lleno</translation>
    </message>
    <message id="trouble.disk_full.next">
        <source>Free some space and try again.</source>
        <translation>Libere espacio y pruebe otra vez.</translation>
    </message>
    <message id="trouble.journal_damaged">
        <source>The journal file is damaged</source>
        <translation>El archivo del diario está dañado</translation>
    </message>
    <message id="trouble.journal_damaged.next">
        <source>Nothing was changed; delete nothing. Stop using this till, copy the whole data folder and call head office: {path}</source>
        <translation>No se ha cambiado nada; no borre nada. No use esta caja, copie toda la carpeta de datos y llame a la central: {path}</translation>
    </message>
    <message id="trouble.journal_emptied">
        <source>The journal is gone or empty</source>
        <translation>El diario falta o está vacío</translation>
    </message>
    <message id="trouble.journal_emptied.next">
        <source>This till has recorded here. If the file was moved, put it back as it was; otherwise stop using this till and call head office: {path}</source>
        <translation>Esta caja ya registró aquí. Si el archivo se movió, devuélvalo a su sitio; si no, no use esta caja y llame a la central: {path}</translation>
    </message>
    <message id="trouble.journal_garbled">
        <source>A value in the journal is damaged</source>
        <translation>Un dato del diario está dañado</translation>
    </message>
    <message id="trouble.journal_garbled.next">
        <source>Nothing was changed; delete nothing. Stop using this till, copy the whole data folder and call head office. Value: {key}</source>
        <translation>No se ha cambiado nada; no borre nada. No use esta caja, copie toda la carpeta de datos y llame a la central. Dato: {key}</translation>
    </message>
    <message id="trouble.journal_log_damaged">
        <source>The newest records of the journal are damaged</source>
        <translation>Los últimos registros del diario están dañados</translation>
    </message>
    <message id="trouble.journal_log_damaged.next">
        <source>Nothing was changed; delete nothing. Stop using this till, copy the whole data folder and call head office: {path}</source>
        <translation>No se ha cambiado nada; no borre nada. No use esta caja, copie toda la carpeta de datos y llame a la central: {path}</translation>
    </message>
    <message id="trouble.journal_missing">
        <source>There is no journal here</source>
        <translation>Aquí no hay ningún diario</translation>
    </message>
    <message id="trouble.journal_missing.next">
        <source>Check the data folder: {path}</source>
        <translation>Revise la carpeta de datos: {path}</translation>
    </message>
    <message id="trouble.journal_newer">
        <source>A newer version wrote this journal</source>
        <translation>El diario es de una versión más nueva</translation>
    </message>
    <message id="trouble.journal_newer.next">
        <source>Install the newer version; the journal is left as it is.</source>
        <translation>Instale la versión nueva; el diario queda intacto.</translation>
    </message>
    <message id="trouble.journal_of_training">
        <source>This folder holds a till&apos;s training data, not a till.</source>
        <translation>Esta carpeta contiene los datos de prácticas de una caja, no una caja.</translation>
    </message>
    <message id="trouble.journal_of_training.next">
        <source>Start the till with its own data folder.</source>
        <translation>Inicie la caja con su propia carpeta de datos.</translation>
    </message>
    <message id="trouble.journal_older">
        <source>An older version wrote this journal</source>
        <translation>El diario es de una versión anterior</translation>
    </message>
    <message id="trouble.journal_older.next">
        <source>Nothing was changed. Start the till once; it upgrades the journal.</source>
        <translation>No se ha cambiado nada. Abra la caja una vez: actualiza el diario.</translation>
    </message>
    <message id="trouble.journal_unavailable">
        <source>The journal cannot be opened</source>
        <translation>No se puede abrir el diario</translation>
    </message>
    <message id="trouble.journal_unavailable.next">
        <source>Try again, or call head office ({reason}).</source>
        <translation>Inténtelo otra vez o llame a la central ({reason}).</translation>
    </message>
    <message id="trouble.key_missing">
        <source>This till&apos;s key is missing</source>
        <translation>Falta la clave de esta caja</translation>
    </message>
    <message id="trouble.key_missing.next">
        <source>Nothing is lost. Call head office to restore it.</source>
        <translation>No se pierde nada. Llame a la central.</translation>
    </message>
    <message id="trouble.other">
        <source>Fault ({code})</source>
        <translation>Avería ({code})</translation>
    </message>
    <message id="trouble.other.next">
        <source>Try again; if it stays, tell head office this code.</source>
        <translation>Inténtelo otra vez; si sigue, dé este código a la central.</translation>
    </message>
    <message id="trouble.server_nonsense">
        <source>That address is not a till server</source>
        <translation>Esa dirección no es el servidor de cajas</translation>
    </message>
    <message id="trouble.server_nonsense.next">
        <source>Check the address.</source>
        <translation>Revise la dirección.</translation>
    </message>
    <message id="trouble.server_unreachable">
        <source>The server does not answer</source>
        <translation>El servidor no responde</translation>
    </message>
    <message id="trouble.server_unreachable.certificate">
        <source>This server&apos;s certificate does not hold</source>
        <translation>El certificado de este servidor no es válido</translation>
    </message>
    <message id="trouble.server_unreachable.certificate.next">
        <source>Do not go on: somebody may stand in between. Check date and address, and ask head office.</source>
        <translation>No siga: alguien puede estar en medio. Revise la fecha y la dirección y pregunte a la central.</translation>
    </message>
    <message id="trouble.server_unreachable.next">
        <source>Check network and address.</source>
        <translation>Revise la red y la dirección.</translation>
    </message>
    <message id="trouble.server_unreachable.other">
        <source>Something else answers at this address</source>
        <translation>En esta dirección responde otra cosa</translation>
    </message>
    <message id="trouble.server_unreachable.other.next">
        <source>Ask head office for the address of the server.</source>
        <translation>Pida a la central la dirección del servidor.</translation>
    </message>
    <message id="trouble.server_unreachable.tls">
        <source>No secure connection to this server</source>
        <translation>No hay conexión segura con este servidor</translation>
    </message>
    <message id="trouble.server_unreachable.tls.next">
        <source>It does not speak https. Only inside the shop&apos;s own network an address may begin with http://</source>
        <translation>No admite https. Solo en la red propia de la tienda la dirección puede empezar por http://</translation>
    </message>
    <message id="untouched.charge">
        <source>Nothing was charged or sold.</source>
        <translation>No se ha cobrado ni vendido nada.</translation>
    </message>
    <message id="untouched.close">
        <source>The shift is still open.</source>
        <translation>El turno sigue abierto.</translation>
    </message>
    <message id="untouched.create_member">
        <source>No member was created.</source>
        <translation>No se ha creado ningún socio.</translation>
    </message>
    <message id="untouched.move">
        <source>Nothing was recorded.</source>
        <translation>No se ha anotado nada.</translation>
    </message>
    <message id="untouched.redeem">
        <source>No use was taken, nothing was charged.</source>
        <translation>No se ha descontado ni cobrado nada.</translation>
    </message>
    <message id="untouched.refund">
        <source>Nothing was refunded.</source>
        <translation>No se ha reembolsado nada.</translation>
    </message>
    <message id="untouched.reprint">
        <source>Nothing was printed.</source>
        <translation>No se ha impreso nada.</translation>
    </message>
    <message id="untouched.sell">
        <source>Nothing was charged.</source>
        <translation>No se ha cobrado nada.</translation>
    </message>
    <message id="untouched.sell_pass">
        <source>Nothing was sold or charged.</source>
        <translation>No se ha vendido ni cobrado nada.</translation>
    </message>
    <message id="untouched.top_up">
        <source>Nothing was topped up or taken.</source>
        <translation>No se ha recargado ni cobrado nada.</translation>
    </message>
    <message id="uses" numerus="yes">
        <source>{n} uses</source>
        <translation>
            <numerusform>{n} uso</numerusform>
            <numerusform>{n} usos</numerusform>
        </translation>
    </message>
</context>
</TS>
