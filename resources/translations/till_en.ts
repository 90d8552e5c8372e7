<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name></name>
    <message id="about.currency">
        <source>Currency</source>
        <translation>Currency</translation>
    </message>
    <message id="about.store">
        <source>Store</source>
        <translation>Store</translation>
    </message>
    <message id="about.terminal">
        <source>Terminal</source>
        <translation>Terminal</translation>
    </message>
    <message id="about.version">
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message id="about.zone">
        <source>Time zone</source>
        <translation>Time zone</translation>
    </message>
    <message id="action.cash">
        <source>Change the amount</source>
        <translation>Change the amount</translation>
    </message>
    <message id="action.create_member">
        <source>Create a member</source>
        <translation>Create a member</translation>
    </message>
    <message id="action.lock">
        <source>Sign in</source>
        <translation>Sign in</translation>
    </message>
    <message id="action.open_shift">
        <source>Open a shift</source>
        <translation>Open a shift</translation>
    </message>
    <message id="action.orders">
        <source>Reprint in Orders</source>
        <translation>Reprint in Orders</translation>
    </message>
    <message id="action.outbox">
        <source>See the slips</source>
        <translation>See the slips</translation>
    </message>
    <message id="action.phone">
        <source>Use the phone number</source>
        <translation>Use the phone number</translation>
    </message>
    <message id="action.refresh">
        <source>Refresh</source>
        <translation>Refresh</translation>
    </message>
    <message id="action.refund">
        <source>See the refund</source>
        <translation>See the refund</translation>
    </message>
    <message id="action.scan">
        <source>Scan again</source>
        <translation>Scan again</translation>
    </message>
    <message id="action.sell_pass">
        <source>Sell a pass</source>
        <translation>Sell a pass</translation>
    </message>
    <message id="action.set_aside">
        <source>Show this till&apos;s code</source>
        <translation>Show this till&apos;s code</translation>
    </message>
    <message id="action.tender">
        <source>Another tender</source>
        <translation>Another tender</translation>
    </message>
    <message id="add_on.free">
        <source>free</source>
        <translation>free</translation>
    </message>
    <message id="add_ons.for">
        <source>Add-ons · {name}</source>
        <translation>Add-ons · {name}</translation>
    </message>
    <message id="altered.detail">
        <source>Keep selling: sales are recorded and handed in as usual. Redemptions without a network are off. Head office is told; call them.</source>
        <translation>Keep selling: sales are recorded and handed in as usual. Redemptions without a network are off. Head office is told; call them.</translation>
    </message>
    <message id="altered.title">
        <source>This till&apos;s records were changed, or are not those that head office has</source>
        <translation>This till&apos;s records were changed, or are not those that head office has</translation>
    </message>
    <message id="approval.back">
        <source>Back</source>
        <translation>Back</translation>
    </message>
    <message id="approval.submit">
        <source>Approve</source>
        <translation>Approve</translation>
    </message>
    <message id="approval.title">
        <source>A manager&apos;s PIN, please</source>
        <translation>A manager&apos;s PIN, please</translation>
    </message>
    <message id="camera.folder">
        <source>Picture folder</source>
        <translation>Picture folder</translation>
    </message>
    <message id="camera.none">
        <source>No camera</source>
        <translation>No camera</translation>
    </message>
    <message id="camera.number">
        <source>Camera {n}</source>
        <translation>Camera {n}</translation>
    </message>
    <message id="camera.spoken">
        <source>Camera picture</source>
        <translation>Camera picture</translation>
    </message>
    <message id="card.after">
        <source>Balance after</source>
        <translation>Balance after</translation>
    </message>
    <message id="card.aside">
        <source>Now a code pays</source>
        <translation>Now a code pays</translation>
    </message>
    <message id="card.aside.detail">
        <source>The next code scanned pays this order.</source>
        <translation>The next code scanned pays this order.</translation>
    </message>
    <message id="card.ask">
        <source>Ask for the member&apos;s code</source>
        <translation>Ask for the member&apos;s code</translation>
    </message>
    <message id="card.ask.detail">
        <source>Hold it to the camera, use the scanner, or paste it below. It is valid for 15 minutes, once.</source>
        <translation>Hold it to the camera, use the scanner, or paste it below. It is valid for 15 minutes, once.</translation>
    </message>
    <message id="card.back">
        <source>Another tender</source>
        <translation>Another tender</translation>
    </message>
    <message id="card.balance">
        <source>Balance now</source>
        <translation>Balance now</translation>
    </message>
    <message id="card.code">
        <source>Member code</source>
        <translation>Member code</translation>
    </message>
    <message id="card.discount">
        <source>Discount · {rate}</source>
        <translation>Discount · {rate}</translation>
    </message>
    <message id="card.discount.asked">
        <source>by head office</source>
        <translation>by head office</translation>
    </message>
    <message id="card.discount.none">
        <source>Discount</source>
        <translation>Discount</translation>
    </message>
    <message id="card.enter">
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message id="card.from_set_aside">
        <source>Paid from what is set aside here; no network needed.</source>
        <translation>Paid from what is set aside here; no network needed.</translation>
    </message>
    <message id="card.instead">
        <source>The free balance is too small; money is set aside here</source>
        <translation>The free balance is too small; money is set aside here</translation>
    </message>
    <message id="card.instead.detail">
        <source>Nothing was charged. Confirm to take it from what is set aside.</source>
        <translation>Nothing was charged. Confirm to take it from what is set aside.</translation>
    </message>
    <message id="card.new_total">
        <source>Head office&apos;s total: {amount}</source>
        <translation>Head office&apos;s total: {amount}</translation>
    </message>
    <message id="card.new_total.detail">
        <source>Price {before}. Nothing was charged yet; confirm again.</source>
        <translation>Price {before}. Nothing was charged yet; confirm again.</translation>
    </message>
    <message id="card.other">
        <source>Another card</source>
        <translation>Another card</translation>
    </message>
    <message id="card.placeholder">
        <source>Code (20 characters)</source>
        <translation>Code (20 characters)</translation>
    </message>
    <message id="card.points">
        <source>Points</source>
        <translation>Points</translation>
    </message>
    <message id="card.raw">
        <source>Price</source>
        <translation>Price</translation>
    </message>
    <message id="card.set_aside">
        <source>Set aside here</source>
        <translation>Set aside here</translation>
    </message>
    <message id="card.short">
        <source>The balance may not be enough</source>
        <translation>The balance may not be enough</translation>
    </message>
    <message id="card.short.detail">
        <source>Head office decides; if it is too little, nothing is charged.</source>
        <translation>Head office decides; if it is too little, nothing is charged.</translation>
    </message>
    <message id="card.title">
        <source>Pay by card balance</source>
        <translation>Pay by card balance</translation>
    </message>
    <message id="card.total">
        <source>To charge</source>
        <translation>To charge</translation>
    </message>
    <message id="card.unknown">
        <source>Company card, or a new member</source>
        <translation>Company card, or a new member</translation>
    </message>
    <message id="card.unknown.detail">
        <source>This till does not know the card</source>
        <translation>This till does not know the card</translation>
    </message>
    <message id="card.unknown.price">
        <source>Its price is asked first</source>
        <translation>Its price is asked first</translation>
    </message>
    <message id="card.unknown.price.detail">
        <source>If the card has a discount, the new total is shown and confirmed again before anything is charged.</source>
        <translation>If the card has a discount, the new total is shown and confirmed again before anything is charged.</translation>
    </message>
    <message id="cart.clear">
        <source>Empty basket</source>
        <translation>Empty basket</translation>
    </message>
    <message id="cart.due">
        <source>Due</source>
        <translation>Due</translation>
    </message>
    <message id="cart.empty">
        <source>Nothing here yet</source>
        <translation>Nothing here yet</translation>
    </message>
    <message id="cart.empty.detail">
        <source>Tap a product to add it</source>
        <translation>Tap a product to add it</translation>
    </message>
    <message id="cart.hold">
        <source>Hold basket (F10)</source>
        <translation>Hold basket (F10)</translation>
    </message>
    <message id="cart.title">
        <source>Basket</source>
        <translation>Basket</translation>
    </message>
    <message id="cart.uses">
        <source>Pass</source>
        <translation>Pass</translation>
    </message>
    <message id="cart.uses.none">
        <source>{left} left</source>
        <translation>{left} left</translation>
    </message>
    <message id="cart.uses.value">
        <source>−{used} ({left} left)</source>
        <translation>−{used} ({left} left)</translation>
    </message>
    <message id="cart.zero">
        <source>Nothing to pay: just confirm</source>
        <translation>Nothing to pay: just confirm</translation>
    </message>
    <message id="carts.back">
        <source>The basket is still here</source>
        <translation>The basket is still here</translation>
    </message>
    <message id="carts.back.detail">
        <source>It was not paid when the program ended. Check it with the customer.</source>
        <translation>It was not paid when the program ended. Check it with the customer.</translation>
    </message>
    <message id="carts.recorded">
        <source>Recorded last: {what}</source>
        <translation>Recorded last: {what}</translation>
    </message>
    <message id="carts.recorded.detail">
        <source>It was recorded before the program ended. Do not do it again; its paper is under Orders.</source>
        <translation>It was recorded before the program ended. Do not do it again; its paper is under Orders.</translation>
    </message>
    <message id="cash.change">
        <source>Change</source>
        <translation>Change</translation>
    </message>
    <message id="cash.done">
        <source>Done</source>
        <translation>Done</translation>
    </message>
    <message id="cash.exact">
        <source>Exact</source>
        <translation>Exact</translation>
    </message>
    <message id="cash.excess">
        <source>{amount} change: check the amount</source>
        <translation>{amount} change: check the amount</translation>
    </message>
    <message id="cash.line">
        <source>Received {received} · Change {change}</source>
        <translation>Received {received} · Change {change}</translation>
    </message>
    <message id="cash.received">
        <source>Received</source>
        <translation>Received</translation>
    </message>
    <message id="cash.rest">
        <source>The rest with another tender</source>
        <translation>The rest with another tender</translation>
    </message>
    <message id="cash.short">
        <source>{amount} short</source>
        <translation>{amount} short</translation>
    </message>
    <message id="cash.title">
        <source>Cash</source>
        <translation>Cash</translation>
    </message>
    <message id="centre.buy">
        <source>Buy</source>
        <translation>Buy</translation>
    </message>
    <message id="centre.member.detail">
        <source>Then the member&apos;s passes are here.</source>
        <translation>Then the member&apos;s passes are here.</translation>
    </message>
    <message id="centre.redeem">
        <source>Redeem</source>
        <translation>Redeem</translation>
    </message>
    <message id="centre.redeem.detail">
        <source>The checkout opens with the pass chosen.</source>
        <translation>The checkout opens with the pass chosen.</translation>
    </message>
    <message id="centre.redeem.prompt">
        <source>Choose a pass</source>
        <translation>Choose a pass</translation>
    </message>
    <message id="check.again">
        <source>Check again</source>
        <translation>Check again</translation>
    </message>
    <message id="check.busy">
        <source>Checking…</source>
        <translation>Checking…</translation>
    </message>
    <message id="check.catalogue">
        <source>Products and staff</source>
        <translation>Products and staff</translation>
    </message>
    <message id="check.clock">
        <source>This till&apos;s clock was {span} off; it goes by the server&apos;s from now on.</source>
        <translation>This till&apos;s clock was {span} off; it goes by the server&apos;s from now on.</translation>
    </message>
    <message id="check.code.arrived">
        <source>Arrived: {what}</source>
        <translation>Arrived: {what}</translation>
    </message>
    <message id="check.code.bad">
        <source>Not read</source>
        <translation>Not read</translation>
    </message>
    <message id="check.code.foreign">
        <source>{text}</source>
        <translation>{text}</translation>
    </message>
    <message id="check.code.good">
        <source>Reads well</source>
        <translation>Reads well</translation>
    </message>
    <message id="check.code.none">
        <source>Waiting for a code</source>
        <translation>Waiting for a code</translation>
    </message>
    <message id="check.code.prompt">
        <source>Scan any code now, with the camera or a hand scanner.</source>
        <translation>Scan any code now, with the camera or a hand scanner.</translation>
    </message>
    <message id="check.code.short">
        <source>a member&apos;s code, {n} characters</source>
        <translation>a member&apos;s code, {n} characters</translation>
    </message>
    <message id="check.code.slip">
        <source>a slip&apos;s code, {text}</source>
        <translation>a slip&apos;s code, {text}</translation>
    </message>
    <message id="check.code.snapshot">
        <source>a member&apos;s offline code, {n} characters</source>
        <translation>a member&apos;s offline code, {n} characters</translation>
    </message>
    <message id="check.detail">
        <source>Everything is looked at by itself. You can sell at any time.</source>
        <translation>Everything is looked at by itself. You can sell at any time.</translation>
    </message>
    <message id="check.disk">
        <source>Disk</source>
        <translation>Disk</translation>
    </message>
    <message id="check.disk.full">
        <source>Full</source>
        <translation>Full</translation>
    </message>
    <message id="check.disk.full.detail">
        <source>Free some space now: without it no sale can be recorded.</source>
        <translation>Free some space now: without it no sale can be recorded.</translation>
    </message>
    <message id="check.disk.low">
        <source>Free some space soon: records of sales need room.</source>
        <translation>Free some space soon: records of sales need room.</translation>
    </message>
    <message id="check.go">
        <source>Start selling</source>
        <translation>Start selling</translation>
    </message>
    <message id="check.journal">
        <source>Records</source>
        <translation>Records</translation>
    </message>
    <message id="check.journal.bad">
        <source>Changed</source>
        <translation>Changed</translation>
    </message>
    <message id="check.journal.good">
        <source>Sound</source>
        <translation>Sound</translation>
    </message>
    <message id="check.journal.read" numerus="yes">
        <source>Read through: {n} records.</source>
        <translation>
            <numerusform>Read through: {n} record.</numerusform>
            <numerusform>Read through: {n} records.</numerusform>
        </translation>
    </message>
    <message id="check.loaded">
        <source>Complete</source>
        <translation>Complete</translation>
    </message>
    <message id="check.loaded.detail">
        <source>Products: {products} · staff: {staff} · members: {members}</source>
        <translation>Products: {products} · staff: {staff} · members: {members}</translation>
    </message>
    <message id="check.loading">
        <source>Loading</source>
        <translation>Loading</translation>
    </message>
    <message id="check.loading.detail" numerus="yes">
        <source>{n} records so far; it goes on by itself as long as the server answers.</source>
        <translation>
            <numerusform>{n} record so far; it goes on by itself as long as the server answers.</numerusform>
            <numerusform>{n} records so far; it goes on by itself as long as the server answers.</numerusform>
        </translation>
    </message>
    <message id="check.missing">
        <source>You can sell all the same</source>
        <translation>You can sell all the same</translation>
    </message>
    <message id="check.no_products">
        <source>Nothing on sale</source>
        <translation>Nothing on sale</translation>
    </message>
    <message id="check.no_products.detail">
        <source>Head office has put nothing on sale in this store yet.</source>
        <translation>Head office has put nothing on sale in this store yet.</translation>
    </message>
    <message id="check.no_staff">
        <source>Nobody can sign in</source>
        <translation>Nobody can sign in</translation>
    </message>
    <message id="check.no_staff.detail">
        <source>Head office has nobody for this store yet; ask them to add staff with a PIN.</source>
        <translation>Head office has nobody for this store yet; ask them to add staff with a PIN.</translation>
    </message>
    <message id="check.printer">
        <source>Printer</source>
        <translation>Printer</translation>
    </message>
    <message id="check.printer.good">
        <source>Slips come out at once.</source>
        <translation>Slips come out at once.</translation>
    </message>
    <message id="check.scanner">
        <source>Scanner</source>
        <translation>Scanner</translation>
    </message>
    <message id="check.server">
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message id="check.server.bad">
        <source>No answer</source>
        <translation>No answer</translation>
    </message>
    <message id="check.server.good">
        <source>Answers</source>
        <translation>Answers</translation>
    </message>
    <message id="check.server.quick">
        <source>Answered in {n} ms; the clocks agree.</source>
        <translation>Answered in {n} ms; the clocks agree.</translation>
    </message>
    <message id="check.size">
        <source>{n} GB free</source>
        <translation>{n} GB free</translation>
    </message>
    <message id="check.title">
        <source>Check of this till</source>
        <translation>Check of this till</translation>
    </message>
    <message id="check.unknown">
        <source>Not known</source>
        <translation>Not known</translation>
    </message>
    <message id="check.without.printer">
        <source>Without a printer slips wait in line.</source>
        <translation>Without a printer slips wait in line.</translation>
    </message>
    <message id="check.without.scanner">
        <source>Without a camera use a hand scanner or the phone number.</source>
        <translation>Without a camera use a hand scanner or the phone number.</translation>
    </message>
    <message id="check.without.server">
        <source>Without the server sales are recorded here and sent later.</source>
        <translation>Without the server sales are recorded here and sent later.</translation>
    </message>
    <message id="check.without.staff">
        <source>Nobody can sign in until the staff list is here.</source>
        <translation>Nobody can sign in until the staff list is here.</translation>
    </message>
    <message id="chip.held">
        <source>{n} held</source>
        <translation>{n} held</translation>
    </message>
    <message id="chip.held.spoken">
        <source>{n} records wait for a person at head office</source>
        <translation>{n} records wait for a person at head office</translation>
    </message>
    <message id="chip.held_and_pending">
        <source>{held} held · {n} to send</source>
        <translation>{held} held · {n} to send</translation>
    </message>
    <message id="chip.held_and_pending.spoken">
        <source>{held} records wait for a person at head office, {n} wait to be sent, the oldest for {age}</source>
        <translation>{held} records wait for a person at head office, {n} wait to be sent, the oldest for {age}</translation>
    </message>
    <message id="chip.offline">
        <source>Offline {span}</source>
        <translation>Offline {span}</translation>
    </message>
    <message id="chip.offline.spoken">
        <source>Offline for {span}. {rule}</source>
        <translation>Offline for {span}. {rule}</translation>
    </message>
    <message id="chip.online">
        <source>Online</source>
        <translation>Online</translation>
    </message>
    <message id="chip.online.spoken">
        <source>Connected to the head office server</source>
        <translation>Connected to the head office server</translation>
    </message>
    <message id="chip.paused">
        <source>Sync paused</source>
        <translation>Sync paused</translation>
    </message>
    <message id="chip.pending">
        <source>{n} to send · {age}</source>
        <translation>{n} to send · {age}</translation>
    </message>
    <message id="chip.pending.spoken">
        <source>{n} records wait to be sent, the oldest for {age}</source>
        <translation>{n} records wait to be sent, the oldest for {age}</translation>
    </message>
    <message id="chip.printer">
        <source>Printer: {state}</source>
        <translation>Printer: {state}</translation>
    </message>
    <message id="chip.refused">
        <source>Not accepted</source>
        <translation>Not accepted</translation>
    </message>
    <message id="chip.refused.spoken">
        <source>The head office server does not accept this till. {why}</source>
        <translation>The head office server does not accept this till. {why}</translation>
    </message>
    <message id="chip.scanner">
        <source>Scanner: {state}</source>
        <translation>Scanner: {state}</translation>
    </message>
    <message id="chip.synced">
        <source>Synced</source>
        <translation>Synced</translation>
    </message>
    <message id="chip.synced.spoken">
        <source>Head office has every record</source>
        <translation>Head office has every record</translation>
    </message>
    <message id="confirm.busy">
        <source>Recording…</source>
        <translation>Recording…</translation>
    </message>
    <message id="confirm.charge">
        <source>Charge {amount} to the card</source>
        <translation>Charge {amount} to the card</translation>
    </message>
    <message id="confirm.charge.busy">
        <source>Asking head office…</source>
        <translation>Asking head office…</translation>
    </message>
    <message id="confirm.charge.empty">
        <source>Scan the card code</source>
        <translation>Scan the card code</translation>
    </message>
    <message id="confirm.record">
        <source>Record {amount} received</source>
        <translation>Record {amount} received</translation>
    </message>
    <message id="confirm.redeem" numerus="yes">
        <source>Redeem {n} uses</source>
        <translation>
            <numerusform>Redeem {n} use</numerusform>
            <numerusform>Redeem {n} uses</numerusform>
        </translation>
    </message>
    <message id="confirm.redeem.empty">
        <source>Choose a product</source>
        <translation>Choose a product</translation>
    </message>
    <message id="confirm.redeem.paid">
        <source>Take {amount}, redeem {n}</source>
        <translation>Take {amount}, redeem {n}</translation>
    </message>
    <message id="confirm.refund">
        <source>Refund {amount}</source>
        <translation>Refund {amount}</translation>
    </message>
    <message id="confirm.refund.amount">
        <source>Enter an amount</source>
        <translation>Enter an amount</translation>
    </message>
    <message id="confirm.refund.amount.wrong">
        <source>Check the amount</source>
        <translation>Check the amount</translation>
    </message>
    <message id="confirm.refund.busy">
        <source>Asking head office…</source>
        <translation>Asking head office…</translation>
    </message>
    <message id="confirm.refund.empty">
        <source>Choose a transaction</source>
        <translation>Choose a transaction</translation>
    </message>
    <message id="confirm.refund.lines">
        <source>Choose what comes back</source>
        <translation>Choose what comes back</translation>
    </message>
    <message id="confirm.refund.offline">
        <source>Wait for the network</source>
        <translation>Wait for the network</translation>
    </message>
    <message id="confirm.refund.reason">
        <source>Choose a reason</source>
        <translation>Choose a reason</translation>
    </message>
    <message id="confirm.refund.refused">
        <source>Cannot be refunded</source>
        <translation>Cannot be refunded</translation>
    </message>
    <message id="confirm.refund.waits">
        <source>Wait for the answer</source>
        <translation>Wait for the answer</translation>
    </message>
    <message id="confirm.sell">
        <source>Take {amount}</source>
        <translation>Take {amount}</translation>
    </message>
    <message id="confirm.sell.empty">
        <source>Choose a product</source>
        <translation>Choose a product</translation>
    </message>
    <message id="confirm.sell_pass">
        <source>Take {amount}</source>
        <translation>Take {amount}</translation>
    </message>
    <message id="confirm.sell_pass.empty">
        <source>Choose a pass</source>
        <translation>Choose a pass</translation>
    </message>
    <message id="confirm.top_up">
        <source>Top up {amount}</source>
        <translation>Top up {amount}</translation>
    </message>
    <message id="confirm.top_up.empty">
        <source>Choose an amount</source>
        <translation>Choose an amount</translation>
    </message>
    <message id="confirm.top_up.member">
        <source>Scan the member</source>
        <translation>Scan the member</translation>
    </message>
    <message id="count.again">
        <source>Count again</source>
        <translation>Count again</translation>
    </message>
    <message id="count.agrees">
        <source>Agrees</source>
        <translation>Agrees</translation>
    </message>
    <message id="count.back">
        <source>Back to the shift</source>
        <translation>Back to the shift</translation>
    </message>
    <message id="count.busy">
        <source>Closing…</source>
        <translation>Closing…</translation>
    </message>
    <message id="count.close">
        <source>Close the shift</source>
        <translation>Close the shift</translation>
    </message>
    <message id="count.close.difference">
        <source>Close with the difference</source>
        <translation>Close with the difference</translation>
    </message>
    <message id="count.detail">
        <source>Count what is there of each tender; 0 for none. What is expected is not shown.</source>
        <translation>Count what is there of each tender; 0 for none. What is expected is not shown.</translation>
    </message>
    <message id="count.detail.again">
        <source>Count it again. If the amount changes, the report shows your first count beside it.</source>
        <translation>Count it again. If the amount changes, the report shows your first count beside it.</translation>
    </message>
    <message id="count.difference">
        <source>{tender}: {words}</source>
        <translation>{tender}: {words}</translation>
    </message>
    <message id="count.differences">
        <source>{n} tenders differ</source>
        <translation>{n} tenders differ</translation>
    </message>
    <message id="count.differs">
        <source>It differs from what was recorded. Count again, or say why.</source>
        <translation>It differs from what was recorded. Count again, or say why.</translation>
    </message>
    <message id="count.field">
        <source>{tender}, amount counted</source>
        <translation>{tender}, amount counted</translation>
    </message>
    <message id="count.next">
        <source>Next: {tender}</source>
        <translation>Next: {tender}</translation>
    </message>
    <message id="count.over">
        <source>{amount} over</source>
        <translation>{amount} over</translation>
    </message>
    <message id="count.placeholder">
        <source>Not counted</source>
        <translation>Not counted</translation>
    </message>
    <message id="count.reason.change_error">
        <source>Wrong change given</source>
        <translation>Wrong change given</translation>
    </message>
    <message id="count.reason.float_wrong">
        <source>Float was wrong</source>
        <translation>Float was wrong</translation>
    </message>
    <message id="count.reason.miscounted">
        <source>Counting error</source>
        <translation>Counting error</translation>
    </message>
    <message id="count.reason.other">
        <source>Other</source>
        <translation>Other</translation>
    </message>
    <message id="count.reason.unexplained">
        <source>Unexplained</source>
        <translation>Unexplained</translation>
    </message>
    <message id="count.short">
        <source>{amount} short</source>
        <translation>{amount} short</translation>
    </message>
    <message id="count.title">
        <source>Count and close the shift</source>
        <translation>Count and close the shift</translation>
    </message>
    <message id="count.unfinished" numerus="yes">
        <source>{n} baskets are not finished</source>
        <translation>
            <numerusform>A basket is not finished</numerusform>
            <numerusform>{n} baskets are not finished</numerusform>
        </translation>
    </message>
    <message id="count.unfinished.back">
        <source>Back to the counter</source>
        <translation>Back to the counter</translation>
    </message>
    <message id="count.unfinished.detail">
        <source>Finish them first, or close all the same: they stay for the next shift.</source>
        <translation>Finish them first, or close all the same: they stay for the next shift.</translation>
    </message>
    <message id="count.unsent" numerus="yes">
        <source>{n} records still to send</source>
        <translation>
            <numerusform>1 record still to send</numerusform>
            <numerusform>{n} records still to send</numerusform>
        </translation>
    </message>
    <message id="count.unsent.detail">
        <source>Closing works offline; they are sent by themselves.</source>
        <translation>Closing works offline; they are sent by themselves.</translation>
    </message>
    <message id="count.why">
        <source>Why does it differ?</source>
        <translation>Why does it differ?</translation>
    </message>
    <message id="crash.close">
        <source>Go on</source>
        <translation>Go on</translation>
    </message>
    <message id="crash.detail">
        <source>Report {id}. You can go on; where something was being sold or given, look under Orders whether it was recorded.</source>
        <translation>Report {id}. You can go on; where something was being sold or given, look under Orders whether it was recorded.</translation>
    </message>
    <message id="crash.title">
        <source>Something went wrong inside</source>
        <translation>Something went wrong inside</translation>
    </message>
    <message id="create.detail">
        <source>Phone and name are enough; they can buy and use a pass or top up at once.</source>
        <translation>Phone and name are enough; they can buy and use a pass or top up at once.</translation>
    </message>
    <message id="create.done">
        <source>Member created</source>
        <translation>Member created</translation>
    </message>
    <message id="create.done.detail">
        <source>A pass or a top-up can be sold now.</source>
        <translation>A pass or a top-up can be sold now.</translation>
    </message>
    <message id="create.known">
        <source>This phone is a member already</source>
        <translation>This phone is a member already</translation>
    </message>
    <message id="create.known.detail">
        <source>The member who was there is open; no second one was made.</source>
        <translation>The member who was there is open; no second one was made.</translation>
    </message>
    <message id="create.language">
        <source>Language to contact them in</source>
        <translation>Language to contact them in</translation>
    </message>
    <message id="create.leave">
        <source>Back to the counter</source>
        <translation>Back to the counter</translation>
    </message>
    <message id="create.name">
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message id="create.offline">
        <source>This works offline too</source>
        <translation>This works offline too</translation>
    </message>
    <message id="create.offline.detail">
        <source>Head office hears of it later. Two entries with the same phone are merged automatically.</source>
        <translation>Head office hears of it later. Two entries with the same phone are merged automatically.</translation>
    </message>
    <message id="create.phone">
        <source>Phone</source>
        <translation>Phone</translation>
    </message>
    <message id="create.phone.digits">
        <source>Digits of the phone</source>
        <translation>Digits of the phone</translation>
    </message>
    <message id="create.submit">
        <source>Create member</source>
        <translation>Create member</translation>
    </message>
    <message id="create.title">
        <source>New member</source>
        <translation>New member</translation>
    </message>
    <message id="customer.balance">
        <source>Balance {amount}</source>
        <translation>Balance {amount}</translation>
    </message>
    <message id="customer.change">
        <source>Change {amount}</source>
        <translation>Change {amount}</translation>
    </message>
    <message id="customer.due">
        <source>To pay</source>
        <translation>To pay</translation>
    </message>
    <message id="customer.hello">
        <source>Welcome</source>
        <translation>Welcome</translation>
    </message>
    <message id="customer.hello.name">
        <source>Hello, {name}</source>
        <translation>Hello, {name}</translation>
    </message>
    <message id="customer.left">
        <source>{left} left</source>
        <translation>{left} left</translation>
    </message>
    <message id="customer.pickup">
        <source>Your number: {number}</source>
        <translation>Your number: {number}</translation>
    </message>
    <message id="customer.thanks">
        <source>Thank you!</source>
        <translation>Thank you!</translation>
    </message>
    <message id="customer.topped_up">
        <source>Top-up: {amount}</source>
        <translation>Top-up: {amount}</translation>
    </message>
    <message id="customer.topped_up.company">
        <source>Top-up for {company}: {amount}</source>
        <translation>Top-up for {company}: {amount}</translation>
    </message>
    <message id="customer.training">
        <source>TRAINING – no real sale</source>
        <translation>TRAINING – no real sale</translation>
    </message>
    <message id="customer.uses">
        <source>{used} used · {left} left</source>
        <translation>{used} used · {left} left</translation>
    </message>
    <message id="decision.other">
        <source>Decided ({code})</source>
        <translation>Decided ({code})</translation>
    </message>
    <message id="decision.post">
        <source>Posted by head office</source>
        <translation>Posted by head office</translation>
    </message>
    <message id="decision.post_to">
        <source>Posted to another account</source>
        <translation>Posted to another account</translation>
    </message>
    <message id="decision.reject">
        <source>Rejected</source>
        <translation>Rejected</translation>
    </message>
    <message id="decision.write_off">
        <source>Booked as a loss</source>
        <translation>Booked as a loss</translation>
    </message>
    <message id="devices.printer">
        <source>Receipt printer</source>
        <translation>Receipt printer</translation>
    </message>
    <message id="devices.risk">
        <source>Offline limit left</source>
        <translation>Offline limit left</translation>
    </message>
    <message id="devices.risk_others">
        <source>Cards and tickets offline</source>
        <translation>Cards and tickets offline</translation>
    </message>
    <message id="devices.scanner">
        <source>Scanner</source>
        <translation>Scanner</translation>
    </message>
    <message id="devices.server">
        <source>Head office server</source>
        <translation>Head office server</translation>
    </message>
    <message id="devices.set_aside">
        <source>Set aside here</source>
        <translation>Set aside here</translation>
    </message>
    <message id="devices.title">
        <source>Devices</source>
        <translation>Devices</translation>
    </message>
    <message id="discount">
        <source>{n}% off</source>
        <translation>{n}% off</translation>
    </message>
    <message id="done.balance">
        <source>Balance</source>
        <translation>Balance</translation>
    </message>
    <message id="done.bonus">
        <source>Bonus</source>
        <translation>Bonus</translation>
    </message>
    <message id="done.change">
        <source>Change</source>
        <translation>Change</translation>
    </message>
    <message id="done.charged">
        <source>{amount} charged</source>
        <translation>{amount} charged</translation>
    </message>
    <message id="done.credit">
        <source>Credited after sync</source>
        <translation>Credited after sync</translation>
    </message>
    <message id="done.credit.detail">
        <source>It happens by itself once online; nobody has to wait.</source>
        <translation>It happens by itself once online; nobody has to wait.</translation>
    </message>
    <message id="done.credited">
        <source>Credit</source>
        <translation>Credit</translation>
    </message>
    <message id="done.discount">
        <source>Discount</source>
        <translation>Discount</translation>
    </message>
    <message id="done.hand_out.now">
        <source>Hand out {amount} ({tender})</source>
        <translation>Hand out {amount} ({tender})</translation>
    </message>
    <message id="done.kept">
        <source>Kept for spent bonus</source>
        <translation>Kept for spent bonus</translation>
    </message>
    <message id="done.left">
        <source>Uses left</source>
        <translation>Uses left</translation>
    </message>
    <message id="done.paid">
        <source>{amount} taken</source>
        <translation>{amount} taken</translation>
    </message>
    <message id="done.pass_sold" numerus="yes">
        <source>Pass sold: {n} uses</source>
        <translation>
            <numerusform>Pass sold: {n} use</numerusform>
            <numerusform>Pass sold: {n} uses</numerusform>
        </translation>
    </message>
    <message id="done.pickup">
        <source>Pick-up</source>
        <translation>Pick-up</translation>
    </message>
    <message id="done.points">
        <source>Points</source>
        <translation>Points</translation>
    </message>
    <message id="done.points.value">
        <source>{change} (now {total})</source>
        <translation>{change} (now {total})</translation>
    </message>
    <message id="done.received">
        <source>Taken</source>
        <translation>Taken</translation>
    </message>
    <message id="done.redeemed" numerus="yes">
        <source>{n} uses redeemed</source>
        <translation>
            <numerusform>{n} use redeemed</numerusform>
            <numerusform>{n} uses redeemed</numerusform>
        </translation>
    </message>
    <message id="done.refunded">
        <source>{amount} refunded</source>
        <translation>{amount} refunded</translation>
    </message>
    <message id="done.refunded.of">
        <source>Refunded</source>
        <translation>Refunded</translation>
    </message>
    <message id="done.review">
        <source>Awaiting review</source>
        <translation>Awaiting review</translation>
    </message>
    <message id="done.review.detail">
        <source>It can be redeemed once head office approves it.</source>
        <translation>It can be redeemed once head office approves it.</translation>
    </message>
    <message id="done.topped_up">
        <source>{amount} topped up</source>
        <translation>{amount} topped up</translation>
    </message>
    <message id="done.uncollected">
        <source>Bonus not recovered</source>
        <translation>Bonus not recovered</translation>
    </message>
    <message id="ended.lock">
        <source>Lock</source>
        <translation>Lock</translation>
    </message>
    <message id="ended.next">
        <source>Open the next shift</source>
        <translation>Open the next shift</translation>
    </message>
    <message id="ended.number">
        <source>Z report {number}</source>
        <translation>Z report {number}</translation>
    </message>
    <message id="ended.title">
        <source>Shift closed</source>
        <translation>Shift closed</translation>
    </message>
    <message id="ended.unsent" numerus="yes">
        <source>Sealed; {n} records still to send</source>
        <translation>
            <numerusform>Sealed; 1 record still to send</numerusform>
            <numerusform>Sealed; {n} records still to send</numerusform>
        </translation>
    </message>
    <message id="ended.unsent.detail">
        <source>They are sent by themselves once online; nobody has to wait.</source>
        <translation>They are sent by themselves once online; nobody has to wait.</translation>
    </message>
    <message id="evidence.at_risk">
        <source>Offline · by the member&apos;s code, checked later</source>
        <translation>Offline · by the member&apos;s code, checked later</translation>
    </message>
    <message id="evidence.online">
        <source>Confirmed online</source>
        <translation>Confirmed online</translation>
    </message>
    <message id="evidence.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="evidence.own_sale">
        <source>Offline · sold on this till</source>
        <translation>Offline · sold on this till</translation>
    </message>
    <message id="evidence.reserved">
        <source>Set aside for this till</source>
        <translation>Set aside for this till</translation>
    </message>
    <message id="expiry.date">
        <source>Until {date}</source>
        <translation>Until {date}</translation>
    </message>
    <message id="expiry.days">
        <source>Expires in {n} days</source>
        <translation>Expires in {n} days</translation>
    </message>
    <message id="expiry.past">
        <source>Expired {date}</source>
        <translation>Expired {date}</translation>
    </message>
    <message id="expiry.today">
        <source>Expires today</source>
        <translation>Expires today</translation>
    </message>
    <message id="expiry.tomorrow">
        <source>Expires tomorrow</source>
        <translation>Expires tomorrow</translation>
    </message>
    <message id="fact.CardCharged">
        <source>Paid by card balance</source>
        <translation>Paid by card balance</translation>
    </message>
    <message id="fact.CashMoved">
        <source>Cash moved</source>
        <translation>Cash moved</translation>
    </message>
    <message id="fact.MemberCreated">
        <source>Member created</source>
        <translation>Member created</translation>
    </message>
    <message id="fact.OrderPaid">
        <source>Sale paid</source>
        <translation>Sale paid</translation>
    </message>
    <message id="fact.OrderRefunded">
        <source>Sale refunded</source>
        <translation>Sale refunded</translation>
    </message>
    <message id="fact.PassRedeemed">
        <source>Pass redeemed</source>
        <translation>Pass redeemed</translation>
    </message>
    <message id="fact.PassSold">
        <source>Pass sold</source>
        <translation>Pass sold</translation>
    </message>
    <message id="fact.Refunded">
        <source>Refunded</source>
        <translation>Refunded</translation>
    </message>
    <message id="fact.RequestAbandoned">
        <source>Request withdrawn</source>
        <translation>Request withdrawn</translation>
    </message>
    <message id="fact.ReservationClosed">
        <source>Set aside, given up</source>
        <translation>Set aside, given up</translation>
    </message>
    <message id="fact.ShiftClosed">
        <source>Shift closed</source>
        <translation>Shift closed</translation>
    </message>
    <message id="fact.ShiftOpened">
        <source>Shift opened</source>
        <translation>Shift opened</translation>
    </message>
    <message id="fact.SlipReprinted">
        <source>Slip reprinted</source>
        <translation>Slip reprinted</translation>
    </message>
    <message id="fact.ToppedUp">
        <source>Card topped up</source>
        <translation>Card topped up</translation>
    </message>
    <message id="fact.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="forgotten.detail">
        <source>Nothing is lost; keep selling. Head office makes a new pairing code for this till; then close this window and type: pos-app pair CODE --server ADDRESS</source>
        <translation>Nothing is lost; keep selling. Head office makes a new pairing code for this till; then close this window and type: pos-app pair CODE --server ADDRESS</translation>
    </message>
    <message id="forgotten.title">
        <source>Head office does not know this till any more: nothing is handed in</source>
        <translation>Head office does not know this till any more: nothing is handed in</translation>
    </message>
    <message id="hand.again">
        <source>Look again</source>
        <translation>Look again</translation>
    </message>
    <message id="hand.busy">
        <source>Another program or the printer is using {port}. It is taken as soon as it is free.</source>
        <translation>Another program or the printer is using {port}. It is taken as soon as it is free.</translation>
    </message>
    <message id="hand.denied">
        <source>This user may not open {port}. Ask whoever looks after the computer for access to serial ports.</source>
        <translation>This user may not open {port}. Ask whoever looks after the computer for access to serial ports.</translation>
    </message>
    <message id="hand.detail">
        <source>A scanner that types like a keyboard works at once. One on a serial port (USB-COM, RS-232) is chosen here.</source>
        <translation>A scanner that types like a keyboard works at once. One on a serial port (USB-COM, RS-232) is chosen here.</translation>
    </message>
    <message id="hand.lost">
        <source>{port} does not answer. Plug the scanner in; it comes back by itself.</source>
        <translation>{port} does not answer. Plug the scanner in; it comes back by itself.</translation>
    </message>
    <message id="hand.no_ports">
        <source>No serial port found. Plug the scanner in, then look again.</source>
        <translation>No serial port found. Plug the scanner in, then look again.</translation>
    </message>
    <message id="hand.none">
        <source>No serial scanner</source>
        <translation>No serial scanner</translation>
    </message>
    <message id="hand.prefix">
        <source>What the scanner types before each code</source>
        <translation>What the scanner types before each code</translation>
    </message>
    <message id="hand.prefix.detail">
        <source>Choose {prefix} only for a scanner programmed so with the sheet: its codes then stay whole at any speed.</source>
        <translation>Choose {prefix} only for a scanner programmed so with the sheet: its codes then stay whole at any speed.</translation>
    </message>
    <message id="hand.prefix.none">
        <source>Nothing</source>
        <translation>Nothing</translation>
    </message>
    <message id="hand.prefix.some">
        <source>{prefix} first</source>
        <translation>{prefix} first</translation>
    </message>
    <message id="hand.ready">
        <source>{port} is ready: scan a code.</source>
        <translation>{port} is ready: scan a code.</translation>
    </message>
    <message id="hand.refused.not_text">
        <source>The scanner sent something that is not text</source>
        <translation>The scanner sent something that is not text</translation>
    </message>
    <message id="hand.refused.not_text.next">
        <source>Nothing was done. Scan again; if it stays so, set the scanner to 9600 baud, 8N1 and UTF-8.</source>
        <translation>Nothing was done. Scan again; if it stays so, set the scanner to 9600 baud, 8N1 and UTF-8.</translation>
    </message>
    <message id="hand.refused.too_long">
        <source>The scanner sent more than a code can hold</source>
        <translation>The scanner sent more than a code can hold</translation>
    </message>
    <message id="hand.refused.too_long.next">
        <source>Nothing was done. Scan one code at a time; if it stays so, set the scanner to send Enter after each code.</source>
        <translation>Nothing was done. Scan one code at a time; if it stays so, set the scanner to send Enter after each code.</translation>
    </message>
    <message id="hand.starting">
        <source>Opening {port}…</source>
        <translation>Opening {port}…</translation>
    </message>
    <message id="hand.title">
        <source>Hand scanner</source>
        <translation>Hand scanner</translation>
    </message>
    <message id="held.chip">
        <source>{name} · {n}</source>
        <translation>{name} · {n}</translation>
    </message>
    <message id="held.detail">
        <source>Tap the button above to take it up again.</source>
        <translation>Tap the button above to take it up again.</translation>
    </message>
    <message id="held.nobody">
        <source>Walk-in</source>
        <translation>Walk-in</translation>
    </message>
    <message id="held.reason.amount_unusual">
        <source>The amount is unusual</source>
        <translation>The amount is unusual</translation>
    </message>
    <message id="held.reason.arithmetic_wrong">
        <source>The sums do not add up</source>
        <translation>The sums do not add up</translation>
    </message>
    <message id="held.reason.content_differs">
        <source>It differs from what was granted, or from what was first written</source>
        <translation>It differs from what was granted, or from what was first written</translation>
    </message>
    <message id="held.reason.fact_unreadable">
        <source>It cannot be read</source>
        <translation>It cannot be read</translation>
    </message>
    <message id="held.reason.fork">
        <source>Two different histories of this till</source>
        <translation>Two different histories of this till</translation>
    </message>
    <message id="held.reason.internal">
        <source>Posting it failed</source>
        <translation>Posting it failed</translation>
    </message>
    <message id="held.reason.member_data_missing">
        <source>The new member&apos;s data is missing</source>
        <translation>The new member&apos;s data is missing</translation>
    </message>
    <message id="held.reason.newer_than_server">
        <source>Written by a newer program than the server&apos;s</source>
        <translation>Written by a newer program than the server&apos;s</translation>
    </message>
    <message id="held.reason.not_admin">
        <source>Who asked does not administer the company card, or no longer does</source>
        <translation>Who asked does not administer the company card, or no longer does</translation>
    </message>
    <message id="held.reason.offline_member_cap">
        <source>Over the member&apos;s offline cap</source>
        <translation>Over the member&apos;s offline cap</translation>
    </message>
    <message id="held.reason.offline_operation_cap">
        <source>Over the offline cap of one operation</source>
        <translation>Over the offline cap of one operation</translation>
    </message>
    <message id="held.reason.offline_terminal_cap">
        <source>Over the till&apos;s offline cap</source>
        <translation>Over the till&apos;s offline cap</translation>
    </message>
    <message id="held.reason.original_lost">
        <source>What it refunds was lost by a restore</source>
        <translation>What it refunds was lost by a restore</translation>
    </message>
    <message id="held.reason.other">
        <source>A person at head office must look ({code})</source>
        <translation>A person at head office must look ({code})</translation>
    </message>
    <message id="held.reason.plan_differs">
        <source>It does not fit the pass plan</source>
        <translation>It does not fit the pass plan</translation>
    </message>
    <message id="held.reason.request_malformed">
        <source>It is not formed as it must be</source>
        <translation>It is not formed as it must be</translation>
    </message>
    <message id="held.reason.request_refused">
        <source>The request it cites was refused</source>
        <translation>The request it cites was refused</translation>
    </message>
    <message id="held.reason.request_settled">
        <source>The request it cites was settled otherwise</source>
        <translation>The request it cites was settled otherwise</translation>
    </message>
    <message id="held.reason.request_taken_back">
        <source>HQ has taken back what it was granted</source>
        <translation>HQ has taken back what it was granted</translation>
    </message>
    <message id="held.reason.request_unknown">
        <source>The request it cites is unknown</source>
        <translation>The request it cites is unknown</translation>
    </message>
    <message id="held.reason.reservation_unknown">
        <source>The reservation is unknown</source>
        <translation>The reservation is unknown</translation>
    </message>
    <message id="held.reason.slip_foreign">
        <source>A slip number of another till</source>
        <translation>A slip number of another till</translation>
    </message>
    <message id="held.reason.slip_used">
        <source>A slip number was used before</source>
        <translation>A slip number was used before</translation>
    </message>
    <message id="held.reason.slips_wrong">
        <source>The slips do not fit what happened</source>
        <translation>The slips do not fit what happened</translation>
    </message>
    <message id="held.reason.terminal_differs">
        <source>It belongs to another till</source>
        <translation>It belongs to another till</translation>
    </message>
    <message id="held.reason.terminal_forked">
        <source>Two histories of this till: no offline spending</source>
        <translation>Two histories of this till: no offline spending</translation>
    </message>
    <message id="held.reason.terminal_revoked">
        <source>The till was revoked</source>
        <translation>The till was revoked</translation>
    </message>
    <message id="held.reason.uses_exhausted">
        <source>Not enough uses on the pass</source>
        <translation>Not enough uses on the pass</translation>
    </message>
    <message id="held.reason.uses_per_day_exceeded">
        <source>More uses than the plan allows a day</source>
        <translation>More uses than the plan allows a day</translation>
    </message>
    <message id="held.reason.uses_per_order_exceeded">
        <source>More uses than the plan allows an order</source>
        <translation>More uses than the plan allows an order</translation>
    </message>
    <message id="held.reason.vat_wrong">
        <source>The VAT does not add up</source>
        <translation>The VAT does not add up</translation>
    </message>
    <message id="held.take_up">
        <source>Take up the held basket</source>
        <translation>Take up the held basket</translation>
    </message>
    <message id="held.title">
        <source>The open basket is on hold</source>
        <translation>The open basket is on hold</translation>
    </message>
    <message id="key.back">
        <source>Delete one digit</source>
        <translation>Delete one digit</translation>
    </message>
    <message id="key.enter">
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message id="level.0">
        <source>Member</source>
        <translation>Member</translation>
    </message>
    <message id="level.diamond">
        <source>Diamond</source>
        <translation>Diamond</translation>
    </message>
    <message id="level.gold">
        <source>Gold</source>
        <translation>Gold</translation>
    </message>
    <message id="level.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="level.silver">
        <source>Silver</source>
        <translation>Silver</translation>
    </message>
    <message id="level.standard">
        <source>Member</source>
        <translation>Member</translation>
    </message>
    <message id="line.add_on">
        <source>{name} ×{n}</source>
        <translation>{name} ×{n}</translation>
    </message>
    <message id="line.less">
        <source>Less {name}</source>
        <translation>Less {name}</translation>
    </message>
    <message id="line.more">
        <source>More {name}</source>
        <translation>More {name}</translation>
    </message>
    <message id="lock.soon">
        <source>Locks in {n} s: touch to stay</source>
        <translation>Locks in {n} s: touch to stay</translation>
    </message>
    <message id="member.balance">
        <source>Balance</source>
        <translation>Balance</translation>
    </message>
    <message id="member.by_code">
        <source>Member by code</source>
        <translation>Member by code</translation>
    </message>
    <message id="member.by_code.detail">
        <source>Not known at this till</source>
        <translation>Not known at this till</translation>
    </message>
    <message id="member.change">
        <source>Another member</source>
        <translation>Another member</translation>
    </message>
    <message id="member.empty">
        <source>Ask for the member&apos;s code</source>
        <translation>Ask for the member&apos;s code</translation>
    </message>
    <message id="member.empty.detail">
        <source>Hold it to the camera, or press F2 for the phone. Without a member, just tap a product.</source>
        <translation>Hold it to the camera, or press F2 for the phone. Without a member, just tap a product.</translation>
    </message>
    <message id="member.empty.detail.needed">
        <source>Hold it to the camera, or press F2 for the phone.</source>
        <translation>Hold it to the camera, or press F2 for the phone.</translation>
    </message>
    <message id="member.points">
        <source>Points</source>
        <translation>Points</translation>
    </message>
    <message id="member.several">
        <source>{n} members: choose one</source>
        <translation>{n} members: choose one</translation>
    </message>
    <message id="member.sure">
        <source>Found without a code: make sure it is them</source>
        <translation>Found without a code: make sure it is them</translation>
    </message>
    <message id="member_pin.ask">
        <source>Customer types their PIN</source>
        <translation>Customer types their PIN</translation>
    </message>
    <message id="member_pin.code">
        <source>Or show the code on your phone instead.</source>
        <translation>Or show the code on your phone instead.</translation>
    </message>
    <message id="member_pin.covered">
        <source>Found without a code; the balance shows after their PIN</source>
        <translation>Found without a code; the balance shows after their PIN</translation>
    </message>
    <message id="member_pin.forgotten">
        <source>PIN forgotten: ask a manager</source>
        <translation>PIN forgotten: ask a manager</translation>
    </message>
    <message id="member_pin.right">
        <source>PIN is right: it is them</source>
        <translation>PIN is right: it is them</translation>
    </message>
    <message id="member_pin.submit">
        <source>Done</source>
        <translation>Done</translation>
    </message>
    <message id="member_pin.title">
        <source>Please type your PIN</source>
        <translation>Please type your PIN</translation>
    </message>
    <message id="member_pin.what">
        <source>Redeem {uses} of {pass_name} without the member&apos;s PIN: they forgot it</source>
        <translation>Redeem {uses} of {pass_name} without the member&apos;s PIN: they forgot it</translation>
    </message>
    <message id="more.checks">
        <source>Server, printer, scanner, disk and records</source>
        <translation>Server, printer, scanner, disk and records</translation>
    </message>
    <message id="more.outbox">
        <source>What has reached head office, printer and scanner</source>
        <translation>What has reached head office, printer and scanner</translation>
    </message>
    <message id="more.printer">
        <source>Find one, set paper and speed, print a test page</source>
        <translation>Find one, set paper and speed, print a test page</translation>
    </message>
    <message id="more.scanner">
        <source>Camera and hand scanners: choose, try, set up</source>
        <translation>Camera and hand scanners: choose, try, set up</translation>
    </message>
    <message id="more.set_aside">
        <source>What works here without a network</source>
        <translation>What works here without a network</translation>
    </message>
    <message id="more.settings">
        <source>Language, look, lock and customer display</source>
        <translation>Language, look, lock and customer display</translation>
    </message>
    <message id="more.training">
        <source>Practise with made-up members; nothing is sold or sent</source>
        <translation>Practise with made-up members; nothing is sold or sent</translation>
    </message>
    <message id="move.amount">
        <source>Amount</source>
        <translation>Amount</translation>
    </message>
    <message id="move.amount.missing">
        <source>Enter an amount</source>
        <translation>Enter an amount</translation>
    </message>
    <message id="move.back">
        <source>Back</source>
        <translation>Back</translation>
    </message>
    <message id="move.done">
        <source>Done</source>
        <translation>Done</translation>
    </message>
    <message id="move.no_sale">
        <source>Open drawer</source>
        <translation>Open drawer</translation>
    </message>
    <message id="move.no_sale.confirm">
        <source>Open the drawer</source>
        <translation>Open the drawer</translation>
    </message>
    <message id="move.no_sale.done">
        <source>Drawer opened and recorded</source>
        <translation>Drawer opened and recorded</translation>
    </message>
    <message id="move.no_sale.hint">
        <source>Without a sale; it is recorded</source>
        <translation>Without a sale; it is recorded</translation>
    </message>
    <message id="move.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="move.paid_in">
        <source>Paid in</source>
        <translation>Paid in</translation>
    </message>
    <message id="move.paid_in.confirm">
        <source>Pay in {amount}</source>
        <translation>Pay in {amount}</translation>
    </message>
    <message id="move.paid_in.done">
        <source>{amount} paid in</source>
        <translation>{amount} paid in</translation>
    </message>
    <message id="move.paid_in.hint">
        <source>Money put into the drawer without a sale</source>
        <translation>Money put into the drawer without a sale</translation>
    </message>
    <message id="move.paid_out">
        <source>Paid out</source>
        <translation>Paid out</translation>
    </message>
    <message id="move.paid_out.confirm">
        <source>Pay out {amount}</source>
        <translation>Pay out {amount}</translation>
    </message>
    <message id="move.paid_out.done">
        <source>{amount} paid out</source>
        <translation>{amount} paid out</translation>
    </message>
    <message id="move.paid_out.hint">
        <source>Money taken out of the drawer; not a refund</source>
        <translation>Money taken out of the drawer; not a refund</translation>
    </message>
    <message id="move.reason.bank">
        <source>Bank</source>
        <translation>Bank</translation>
    </message>
    <message id="move.reason.change">
        <source>Change</source>
        <translation>Change</translation>
    </message>
    <message id="move.reason.check">
        <source>Check</source>
        <translation>Check</translation>
    </message>
    <message id="move.reason.correction">
        <source>Correction</source>
        <translation>Correction</translation>
    </message>
    <message id="move.reason.expenses">
        <source>Expenses</source>
        <translation>Expenses</translation>
    </message>
    <message id="move.reason.missing">
        <source>Choose a reason</source>
        <translation>Choose a reason</translation>
    </message>
    <message id="move.reason.other">
        <source>Other</source>
        <translation>Other</translation>
    </message>
    <message id="move.reason.safe">
        <source>Safe</source>
        <translation>Safe</translation>
    </message>
    <message id="move.reason.supplier">
        <source>Supplier</source>
        <translation>Supplier</translation>
    </message>
    <message id="move.safe_drop">
        <source>Safe drop</source>
        <translation>Safe drop</translation>
    </message>
    <message id="move.safe_drop.confirm">
        <source>Drop {amount}</source>
        <translation>Drop {amount}</translation>
    </message>
    <message id="move.safe_drop.done">
        <source>{amount} moved to the safe</source>
        <translation>{amount} moved to the safe</translation>
    </message>
    <message id="move.safe_drop.hint">
        <source>Move spare cash out of the drawer</source>
        <translation>Move spare cash out of the drawer</translation>
    </message>
    <message id="move.why">
        <source>Reason</source>
        <translation>Reason</translation>
    </message>
    <message id="nav.checkout">
        <source>Checkout</source>
        <translation>Checkout</translation>
    </message>
    <message id="nav.checks">
        <source>Check this till</source>
        <translation>Check this till</translation>
    </message>
    <message id="nav.lock">
        <source>Lock</source>
        <translation>Lock</translation>
    </message>
    <message id="nav.more">
        <source>More</source>
        <translation>More</translation>
    </message>
    <message id="nav.orders">
        <source>Orders</source>
        <translation>Orders</translation>
    </message>
    <message id="nav.outbox">
        <source>Outbox, devices</source>
        <translation>Outbox, devices</translation>
    </message>
    <message id="nav.printer">
        <source>Printer</source>
        <translation>Printer</translation>
    </message>
    <message id="nav.refund">
        <source>Refund</source>
        <translation>Refund</translation>
    </message>
    <message id="nav.scanner">
        <source>Scanners</source>
        <translation>Scanners</translation>
    </message>
    <message id="nav.sell_pass">
        <source>Discounts</source>
        <translation>Discounts</translation>
    </message>
    <message id="nav.set_aside">
        <source>Set aside, this till&apos;s code</source>
        <translation>Set aside, this till&apos;s code</translation>
    </message>
    <message id="nav.settings">
        <source>Settings</source>
        <translation>Settings</translation>
    </message>
    <message id="nav.shift">
        <source>Shift</source>
        <translation>Shift</translation>
    </message>
    <message id="nav.top_up">
        <source>Top up</source>
        <translation>Top up</translation>
    </message>
    <message id="nav.training">
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message id="note.all">
        <source>All {n}</source>
        <translation>All {n}</translation>
    </message>
    <message id="note.allergy">
        <source>Allergy</source>
        <translation>Allergy</translation>
    </message>
    <message id="note.clear">
        <source>Remove note</source>
        <translation>Remove note</translation>
    </message>
    <message id="note.for">
        <source>Note · {name}</source>
        <translation>Note · {name}</translation>
    </message>
    <message id="note.hint">
        <source>Printed under the line. No names or phone numbers here, please.</source>
        <translation>Printed under the line. No names or phone numbers here, please.</translation>
    </message>
    <message id="note.hot">
        <source>Hot</source>
        <translation>Hot</translation>
    </message>
    <message id="note.less_ice">
        <source>Less ice</source>
        <translation>Less ice</translation>
    </message>
    <message id="note.less_sugar">
        <source>Less sugar</source>
        <translation>Less sugar</translation>
    </message>
    <message id="note.no_ice">
        <source>No ice</source>
        <translation>No ice</translation>
    </message>
    <message id="note.no_straw">
        <source>No straw</source>
        <translation>No straw</translation>
    </message>
    <message id="note.no_sugar">
        <source>No sugar</source>
        <translation>No sugar</translation>
    </message>
    <message id="note.on_line">
        <source>Note: {note}</source>
        <translation>Note: {note}</translation>
    </message>
    <message id="note.one">
        <source>Only one of them</source>
        <translation>Only one of them</translation>
    </message>
    <message id="note.placeholder">
        <source>For whoever makes it</source>
        <translation>For whoever makes it</translation>
    </message>
    <message id="note.title">
        <source>Note</source>
        <translation>Note</translation>
    </message>
    <message id="note.to_go">
        <source>To go</source>
        <translation>To go</translation>
    </message>
    <message id="notice.close">
        <source>Close message</source>
        <translation>Close message</translation>
    </message>
    <message id="open_shift.detail">
        <source>{name}, count the float in the drawer</source>
        <translation>{name}, count the float in the drawer</translation>
    </message>
    <message id="open_shift.float">
        <source>Float</source>
        <translation>Float</translation>
    </message>
    <message id="open_shift.leave">
        <source>Another cashier</source>
        <translation>Another cashier</translation>
    </message>
    <message id="open_shift.submit">
        <source>Open shift</source>
        <translation>Open shift</translation>
    </message>
    <message id="open_shift.title">
        <source>Open shift</source>
        <translation>Open shift</translation>
    </message>
    <message id="order.approver">
        <source>Approved by</source>
        <translation>Approved by</translation>
    </message>
    <message id="order.asked_by">
        <source>Asked by</source>
        <translation>Asked by</translation>
    </message>
    <message id="order.back.all">
        <source>Refunded</source>
        <translation>Refunded</translation>
    </message>
    <message id="order.back.part">
        <source>Part refunded</source>
        <translation>Part refunded</translation>
    </message>
    <message id="order.cashier">
        <source>Cashier</source>
        <translation>Cashier</translation>
    </message>
    <message id="order.company">
        <source>Company</source>
        <translation>Company</translation>
    </message>
    <message id="order.kind.CardCharged">
        <source>Card payment</source>
        <translation>Card payment</translation>
    </message>
    <message id="order.kind.CashMoved">
        <source>Cash</source>
        <translation>Cash</translation>
    </message>
    <message id="order.kind.OrderPaid">
        <source>Sale</source>
        <translation>Sale</translation>
    </message>
    <message id="order.kind.OrderRefunded">
        <source>Refund</source>
        <translation>Refund</translation>
    </message>
    <message id="order.kind.PassRedeemed">
        <source>Redemption</source>
        <translation>Redemption</translation>
    </message>
    <message id="order.kind.PassSold">
        <source>Pass sale</source>
        <translation>Pass sale</translation>
    </message>
    <message id="order.kind.Refunded">
        <source>Refund</source>
        <translation>Refund</translation>
    </message>
    <message id="order.kind.ShiftClosed">
        <source>Shift end</source>
        <translation>Shift end</translation>
    </message>
    <message id="order.kind.ToppedUp">
        <source>Top-up</source>
        <translation>Top-up</translation>
    </message>
    <message id="order.kind.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="order.ledger">
        <source>Ledger</source>
        <translation>Ledger</translation>
    </message>
    <message id="order.member">
        <source>Member</source>
        <translation>Member</translation>
    </message>
    <message id="order.phone">
        <source>Phone</source>
        <translation>Phone</translation>
    </message>
    <message id="order.pickup.short">
        <source>Pick-up {number}</source>
        <translation>Pick-up {number}</translation>
    </message>
    <message id="order.slip">
        <source>Slip</source>
        <translation>Slip</translation>
    </message>
    <message id="order.time">
        <source>Time</source>
        <translation>Time</translation>
    </message>
    <message id="order.why">
        <source>Reason</source>
        <translation>Reason</translation>
    </message>
    <message id="orders.all_days">
        <source>All</source>
        <translation>All</translation>
    </message>
    <message id="orders.back">
        <source>Came back</source>
        <translation>Came back</translation>
    </message>
    <message id="orders.choose">
        <source>Choose an order</source>
        <translation>Choose an order</translation>
    </message>
    <message id="orders.choose.detail">
        <source>From the list, by its number, or by scanning the slip.</source>
        <translation>From the list, by its number, or by scanning the slip.</translation>
    </message>
    <message id="orders.clear">
        <source>Clear search</source>
        <translation>Clear search</translation>
    </message>
    <message id="orders.day.after">
        <source>Day after</source>
        <translation>Day after</translation>
    </message>
    <message id="orders.day.before">
        <source>Day before</source>
        <translation>Day before</translation>
    </message>
    <message id="orders.found">
        <source>Found: {text}</source>
        <translation>Found: {text}</translation>
    </message>
    <message id="orders.gone">
        <source>Head office keeps it; here its number and slip are left.</source>
        <translation>Head office keeps it; here its number and slip are left.</translation>
    </message>
    <message id="orders.kind.cash">
        <source>Drawer</source>
        <translation>Drawer</translation>
    </message>
    <message id="orders.kind.charge">
        <source>Card</source>
        <translation>Card</translation>
    </message>
    <message id="orders.kind.pass">
        <source>Passes</source>
        <translation>Passes</translation>
    </message>
    <message id="orders.kind.redemption">
        <source>Uses</source>
        <translation>Uses</translation>
    </message>
    <message id="orders.kind.refund">
        <source>Refunds</source>
        <translation>Refunds</translation>
    </message>
    <message id="orders.kind.sale">
        <source>Sales</source>
        <translation>Sales</translation>
    </message>
    <message id="orders.kind.shift">
        <source>Shifts</source>
        <translation>Shifts</translation>
    </message>
    <message id="orders.kind.top_up">
        <source>Top-ups</source>
        <translation>Top-ups</translation>
    </message>
    <message id="orders.loading">
        <source>Reading…</source>
        <translation>Reading…</translation>
    </message>
    <message id="orders.newer">
        <source>Newer</source>
        <translation>Newer</translation>
    </message>
    <message id="orders.none">
        <source>No orders</source>
        <translation>No orders</translation>
    </message>
    <message id="orders.none.day">
        <source>Nothing on this day. Look at the day before, or at all days.</source>
        <translation>Nothing on this day. Look at the day before, or at all days.</translation>
    </message>
    <message id="orders.none.found">
        <source>No order found</source>
        <translation>No order found</translation>
    </message>
    <message id="orders.none.found.detail">
        <source>This till holds nothing of that member or number; head office knows of other tills.</source>
        <translation>This till holds nothing of that member or number; head office knows of other tills.</translation>
    </message>
    <message id="orders.offline">
        <source>No network: this till&apos;s own records</source>
        <translation>No network: this till&apos;s own records</translation>
    </message>
    <message id="orders.older">
        <source>Older</source>
        <translation>Older</translation>
    </message>
    <message id="orders.original">
        <source>Of {number}</source>
        <translation>Of {number}</translation>
    </message>
    <message id="orders.paper">
        <source>Slip {number}</source>
        <translation>Slip {number}</translation>
    </message>
    <message id="orders.papers">
        <source>Paper</source>
        <translation>Paper</translation>
    </message>
    <message id="orders.placeholder">
        <source>Slip, pick-up or phone number</source>
        <translation>Slip, pick-up or phone number</translation>
    </message>
    <message id="orders.refund">
        <source>Refund</source>
        <translation>Refund</translation>
    </message>
    <message id="orders.reprint">
        <source>Reprint</source>
        <translation>Reprint</translation>
    </message>
    <message id="orders.reprint.what">
        <source>Reprint {number}</source>
        <translation>Reprint {number}</translation>
    </message>
    <message id="orders.reprinted">
        <source>A marked copy is printing</source>
        <translation>A marked copy is printing</translation>
    </message>
    <message id="orders.search">
        <source>Find by slip, ledger, pick-up or phone number; or scan the slip or the member</source>
        <translation>Find by slip, ledger, pick-up or phone number; or scan the slip or the member</translation>
    </message>
    <message id="orders.title">
        <source>Orders</source>
        <translation>Orders</translation>
    </message>
    <message id="orders.today">
        <source>Today</source>
        <translation>Today</translation>
    </message>
    <message id="orders.waits">
        <source>Waits to be sent to head office.</source>
        <translation>Waits to be sent to head office.</translation>
    </message>
    <message id="orders.waits.offline">
        <source>It is sent by itself when the network is back.</source>
        <translation>It is sent by itself when the network is back.</translation>
    </message>
    <message id="outbox.accepted">
        <source>Posted</source>
        <translation>Posted</translation>
    </message>
    <message id="outbox.decided">
        <source>Head office: {reason}</source>
        <translation>Head office: {reason}</translation>
    </message>
    <message id="outbox.held">
        <source>Held</source>
        <translation>Held</translation>
    </message>
    <message id="outbox.held.why">
        <source>{reason}. Head office decides.</source>
        <translation>{reason}. Head office decides.</translation>
    </message>
    <message id="outbox.none">
        <source>No records yet</source>
        <translation>No records yet</translation>
    </message>
    <message id="outbox.none.detail">
        <source>Everything is recorded here first, then sent to head office.</source>
        <translation>Everything is recorded here first, then sent to head office.</translation>
    </message>
    <message id="outbox.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="outbox.pending">
        <source>To send</source>
        <translation>To send</translation>
    </message>
    <message id="outbox.summary">
        <source>To send: {pending} · Held: {held}</source>
        <translation>To send: {pending} · Held: {held}</translation>
    </message>
    <message id="outbox.title">
        <source>Records</source>
        <translation>Records</translation>
    </message>
    <message id="pair.busy">
        <source>Pairing…</source>
        <translation>Pairing…</translation>
    </message>
    <message id="pair.code">
        <source>Pairing code</source>
        <translation>Pairing code</translation>
    </message>
    <message id="pair.detail">
        <source>Ask head office for a one-use code (valid 15 minutes). Products, passes and members then arrive by themselves.</source>
        <translation>Ask head office for a one-use code (valid 15 minutes). Products, passes and members then arrive by themselves.</translation>
    </message>
    <message id="pair.server">
        <source>Server address</source>
        <translation>Server address</translation>
    </message>
    <message id="pair.submit">
        <source>Pair</source>
        <translation>Pair</translation>
    </message>
    <message id="pair.title">
        <source>Pair this till</source>
        <translation>Pair this till</translation>
    </message>
    <message id="pass.reason.other">
        <source>Not usable ({code})</source>
        <translation>Not usable ({code})</translation>
    </message>
    <message id="pass.reason.pass_expired">
        <source>Expired</source>
        <translation>Expired</translation>
    </message>
    <message id="pass.reason.pass_not_active">
        <source>Awaiting review</source>
        <translation>Awaiting review</translation>
    </message>
    <message id="pass.reason.pass_revoked">
        <source>Revoked</source>
        <translation>Revoked</translation>
    </message>
    <message id="pass.reason.uses_exhausted">
        <source>No uses left</source>
        <translation>No uses left</translation>
    </message>
    <message id="pass.reason.uses_per_day_exceeded">
        <source>Today&apos;s limit reached</source>
        <translation>Today&apos;s limit reached</translation>
    </message>
    <message id="pass.used_today">
        <source>{n} today</source>
        <translation>{n} today</translation>
    </message>
    <message id="passes.none">
        <source>No passes</source>
        <translation>No passes</translation>
    </message>
    <message id="passes.none.detail">
        <source>You can sell one now.</source>
        <translation>You can sell one now.</translation>
    </message>
    <message id="passes.sell">
        <source>Sell a pass (F4)</source>
        <translation>Sell a pass (F4)</translation>
    </message>
    <message id="passes.title">
        <source>Passes</source>
        <translation>Passes</translation>
    </message>
    <message id="picture.damaged">
        <source>The picture is damaged</source>
        <translation>The picture is damaged</translation>
    </message>
    <message id="picture.missing">
        <source>The file is not there</source>
        <translation>The file is not there</translation>
    </message>
    <message id="picture.next">
        <source>Use another PNG or JPEG picture.</source>
        <translation>Use another PNG or JPEG picture.</translation>
    </message>
    <message id="picture.no_pictures">
        <source>No pictures in the folder</source>
        <translation>No pictures in the folder</translation>
    </message>
    <message id="picture.not_a_file">
        <source>This is not a file</source>
        <translation>This is not a file</translation>
    </message>
    <message id="picture.not_a_picture">
        <source>This is not a picture</source>
        <translation>This is not a picture</translation>
    </message>
    <message id="picture.other">
        <source>The picture does not open ({code})</source>
        <translation>The picture does not open ({code})</translation>
    </message>
    <message id="picture.too_large">
        <source>The picture is too large</source>
        <translation>The picture is too large</translation>
    </message>
    <message id="picture.unreadable">
        <source>No permission to open the file</source>
        <translation>No permission to open the file</translation>
    </message>
    <message id="plan.expires">
        <source>Expires</source>
        <translation>Expires</translation>
    </message>
    <message id="plan.first">
        <source>First purchase</source>
        <translation>First purchase</translation>
    </message>
    <message id="plan.member">
        <source>Scan the member first</source>
        <translation>Scan the member first</translation>
    </message>
    <message id="plan.member.detail">
        <source>A pass belongs to a member.</source>
        <translation>A pass belongs to a member.</translation>
    </message>
    <message id="plan.note">
        <source>{uses} · {days}</source>
        <translation>{uses} · {days}</translation>
    </message>
    <message id="plan.order">
        <source>Pass sale</source>
        <translation>Pass sale</translation>
    </message>
    <message id="plan.prompt">
        <source>Choose a pass</source>
        <translation>Choose a pass</translation>
    </message>
    <message id="plan.prompt.detail">
        <source>First or stacked, uses and expiry will show here.</source>
        <translation>First or stacked, uses and expiry will show here.</translation>
    </message>
    <message id="plan.stacked">
        <source>Added to the pass held</source>
        <translation>Added to the pass held</translation>
    </message>
    <message id="plan.uses">
        <source>Uses after</source>
        <translation>Uses after</translation>
    </message>
    <message id="plan.uses.stacked">
        <source>{before} → {after}</source>
        <translation>{before} → {after}</translation>
    </message>
    <message id="plans.none">
        <source>No passes on sale</source>
        <translation>No passes on sale</translation>
    </message>
    <message id="plans.none.detail">
        <source>They appear once head office publishes them.</source>
        <translation>They appear once head office publishes them.</translation>
    </message>
    <message id="plans.title">
        <source>Discount centre · Passes</source>
        <translation>Discount centre · Passes</translation>
    </message>
    <message id="printer.answer_invalid">
        <source>Strange answer</source>
        <translation>Strange answer</translation>
    </message>
    <message id="printer.connection_lost">
        <source>Connection lost</source>
        <translation>Connection lost</translation>
    </message>
    <message id="printer.cover_open">
        <source>Cover open</source>
        <translation>Cover open</translation>
    </message>
    <message id="printer.device_busy">
        <source>In use elsewhere</source>
        <translation>In use elsewhere</translation>
    </message>
    <message id="printer.device_denied">
        <source>Not allowed</source>
        <translation>Not allowed</translation>
    </message>
    <message id="printer.device_missing">
        <source>Not plugged in</source>
        <translation>Not plugged in</translation>
    </message>
    <message id="printer.disk">
        <source>Folder not writable</source>
        <translation>Folder not writable</translation>
    </message>
    <message id="printer.error">
        <source>Fault</source>
        <translation>Fault</translation>
    </message>
    <message id="printer.help.answer_invalid">
        <source>What answers is no receipt printer, or the speed of the serial port is wrong.</source>
        <translation>What answers is no receipt printer, or the speed of the serial port is wrong.</translation>
    </message>
    <message id="printer.help.connection_lost">
        <source>Check the cable and power.</source>
        <translation>Check the cable and power.</translation>
    </message>
    <message id="printer.help.cover_open">
        <source>Close the cover; printing goes on by itself.</source>
        <translation>Close the cover; printing goes on by itself.</translation>
    </message>
    <message id="printer.help.device_busy">
        <source>Another program holds {path}. Close it, or take this printer out of the computer&apos;s own print system.</source>
        <translation>Another program holds {path}. Close it, or take this printer out of the computer&apos;s own print system.</translation>
    </message>
    <message id="printer.help.device_denied">
        <source>This user may not open {path}. On Linux: sudo usermod -aG lp,dialout $USER, then log in to the computer again.</source>
        <translation>This user may not open {path}. On Linux: sudo usermod -aG lp,dialout $USER, then log in to the computer again.</translation>
    </message>
    <message id="printer.help.device_missing">
        <source>Plug the cable in and switch the printer on. If it has another port now: look again.</source>
        <translation>Plug the cable in and switch the printer on. If it has another port now: look again.</translation>
    </message>
    <message id="printer.help.disk">
        <source>Make the folder writable for the till, or choose another.</source>
        <translation>Make the folder writable for the till, or choose another.</translation>
    </message>
    <message id="printer.help.error">
        <source>Switch it off and on; if it stays, call head office.</source>
        <translation>Switch it off and on; if it stays, call head office.</translation>
    </message>
    <message id="printer.help.lost">
        <source>Check power and cable.</source>
        <translation>Check power and cable.</translation>
    </message>
    <message id="printer.help.no_answer">
        <source>It is connected, but does not answer. Switch it off and on; on a serial port try another speed.</source>
        <translation>It is connected, but does not answer. Switch it off and on; on a serial port try another speed.</translation>
    </message>
    <message id="printer.help.none">
        <source>Choose one under More, Printer.</source>
        <translation>Choose one under More, Printer.</translation>
    </message>
    <message id="printer.help.offline">
        <source>Check power and cable. Slips wait in line; you can keep selling.</source>
        <translation>Check power and cable. Slips wait in line; you can keep selling.</translation>
    </message>
    <message id="printer.help.other">
        <source>Check the printer.</source>
        <translation>Check the printer.</translation>
    </message>
    <message id="printer.help.paper_low">
        <source>Have a new roll ready.</source>
        <translation>Have a new roll ready.</translation>
    </message>
    <message id="printer.help.paper_out">
        <source>Load a roll; printing goes on by itself. You can keep selling.</source>
        <translation>Load a roll; printing goes on by itself. You can keep selling.</translation>
    </message>
    <message id="printer.help.queue_refused">
        <source>The computer&apos;s print system took no job. Look at the queue in its settings.</source>
        <translation>The computer&apos;s print system took no job. Look at the queue in its settings.</translation>
    </message>
    <message id="printer.help.queue_stopped">
        <source>Start the queue again in the computer&apos;s print settings.</source>
        <translation>Start the queue again in the computer&apos;s print settings.</translation>
    </message>
    <message id="printer.help.queue_unknown">
        <source>Set the queue up again in the computer&apos;s print settings, or look again.</source>
        <translation>Set the queue up again in the computer&apos;s print settings, or look again.</translation>
    </message>
    <message id="printer.help.spooler_missing">
        <source>Install the print system (CUPS), or connect the printer by USB, serial cable or network.</source>
        <translation>Install the print system (CUPS), or connect the printer by USB, serial cable or network.</translation>
    </message>
    <message id="printer.help.stalled">
        <source>It takes no more. Look for paper, cover and jam, or switch it off and on.</source>
        <translation>It takes no more. Look for paper, cover and jam, or switch it off and on.</translation>
    </message>
    <message id="printer.help.template_invalid">
        <source>Slips come out in the standard layout. Tell head office.</source>
        <translation>Slips come out in the standard layout. Tell head office.</translation>
    </message>
    <message id="printer.help.unreachable">
        <source>Nobody is there. Switch the printer on, check its network cable, and whether its address has changed: look again.</source>
        <translation>Nobody is there. Switch the printer on, check its network cable, and whether its address has changed: look again.</translation>
    </message>
    <message id="printer.lost">
        <source>Lost</source>
        <translation>Lost</translation>
    </message>
    <message id="printer.no_answer">
        <source>No answer</source>
        <translation>No answer</translation>
    </message>
    <message id="printer.none">
        <source>None</source>
        <translation>None</translation>
    </message>
    <message id="printer.offline">
        <source>No answer</source>
        <translation>No answer</translation>
    </message>
    <message id="printer.other">
        <source>State {code}</source>
        <translation>State {code}</translation>
    </message>
    <message id="printer.paper_low">
        <source>Paper runs low</source>
        <translation>Paper runs low</translation>
    </message>
    <message id="printer.paper_out">
        <source>No paper</source>
        <translation>No paper</translation>
    </message>
    <message id="printer.queue_refused">
        <source>Queue refused</source>
        <translation>Queue refused</translation>
    </message>
    <message id="printer.queue_stopped">
        <source>Queue is stopped</source>
        <translation>Queue is stopped</translation>
    </message>
    <message id="printer.queue_unknown">
        <source>Queue is gone</source>
        <translation>Queue is gone</translation>
    </message>
    <message id="printer.ready">
        <source>Ready</source>
        <translation>Ready</translation>
    </message>
    <message id="printer.spooler_missing">
        <source>No print system</source>
        <translation>No print system</translation>
    </message>
    <message id="printer.stalled">
        <source>Stalled</source>
        <translation>Stalled</translation>
    </message>
    <message id="printer.starting">
        <source>Connecting</source>
        <translation>Connecting</translation>
    </message>
    <message id="printer.template_invalid">
        <source>Template faulty</source>
        <translation>Template faulty</translation>
    </message>
    <message id="printer.unreachable">
        <source>Not reachable</source>
        <translation>Not reachable</translation>
    </message>
    <message id="printers.again">
        <source>Look again</source>
        <translation>Look again</translation>
    </message>
    <message id="printers.by_hand">
        <source>Enter an address</source>
        <translation>Enter an address</translation>
    </message>
    <message id="printers.by_hand.hint">
        <source>Like 192.168.1.50</source>
        <translation>Like 192.168.1.50</translation>
    </message>
    <message id="printers.by_hand.use">
        <source>Use</source>
        <translation>Use</translation>
    </message>
    <message id="printers.count" numerus="yes">
        <source>{n} found</source>
        <translation>
            <numerusform>{n} found</numerusform>
            <numerusform>{n} found</numerusform>
        </translation>
    </message>
    <message id="printers.empty">
        <source>No printer found</source>
        <translation>No printer found</translation>
    </message>
    <message id="printers.empty.detail">
        <source>Switch it on, check its cable and look again, or enter its address below.</source>
        <translation>Switch it on, check its cable and look again, or enter its address below.</translation>
    </message>
    <message id="printers.fixed">
        <source>This printer was given when the till was started</source>
        <translation>This printer was given when the till was started</translation>
    </message>
    <message id="printers.fixed.detail">
        <source>Start the till without --printer and without TILLKEEPER_PRINTER to choose here.</source>
        <translation>Start the till without --printer and without TILLKEEPER_PRINTER to choose here.</translation>
    </message>
    <message id="printers.forget">
        <source>Stop using it</source>
        <translation>Stop using it</translation>
    </message>
    <message id="printers.found">
        <source>Printers found</source>
        <translation>Printers found</translation>
    </message>
    <message id="printers.in_use">
        <source>In use</source>
        <translation>In use</translation>
    </message>
    <message id="printers.kind.file">
        <source>Folder instead of a printer</source>
        <translation>Folder instead of a printer</translation>
    </message>
    <message id="printers.kind.network">
        <source>Network printer</source>
        <translation>Network printer</translation>
    </message>
    <message id="printers.kind.none">
        <source>No printer chosen</source>
        <translation>No printer chosen</translation>
    </message>
    <message id="printers.kind.none.detail">
        <source>Slips wait in line and come out once there is one.</source>
        <translation>Slips wait in line and come out once there is one.</translation>
    </message>
    <message id="printers.kind.other">
        <source>Printer ({code})</source>
        <translation>Printer ({code})</translation>
    </message>
    <message id="printers.kind.serial">
        <source>Serial port</source>
        <translation>Serial port</translation>
    </message>
    <message id="printers.kind.spooler">
        <source>Printer of this computer</source>
        <translation>Printer of this computer</translation>
    </message>
    <message id="printers.kind.usb">
        <source>USB printer</source>
        <translation>USB printer</translation>
    </message>
    <message id="printers.looking">
        <source>Looking at the network: {done} of {total}</source>
        <translation>Looking at the network: {done} of {total}</translation>
    </message>
    <message id="printers.looking_here">
        <source>Looking at this computer…</source>
        <translation>Looking at this computer…</translation>
    </message>
    <message id="printers.paper">
        <source>Paper</source>
        <translation>Paper</translation>
    </message>
    <message id="printers.paper.32">
        <source>58 mm · 32 columns</source>
        <translation>58 mm · 32 columns</translation>
    </message>
    <message id="printers.paper.48">
        <source>80 mm · 48 columns</source>
        <translation>80 mm · 48 columns</translation>
    </message>
    <message id="printers.silent">
        <source>{address} · does not answer</source>
        <translation>{address} · does not answer</translation>
    </message>
    <message id="printers.speed">
        <source>Speed of the serial port, bits a second</source>
        <translation>Speed of the serial port, bits a second</translation>
    </message>
    <message id="printers.speed.detail">
        <source>The printer&apos;s own test print says it: switch it on while you hold the feed button.</source>
        <translation>The printer&apos;s own test print says it: switch it on while you hold the feed button.</translation>
    </message>
    <message id="printers.stop">
        <source>Stop looking</source>
        <translation>Stop looking</translation>
    </message>
    <message id="printers.test">
        <source>Print test page</source>
        <translation>Print test page</translation>
    </message>
    <message id="printers.tested.handed_over">
        <source>Test page handed over</source>
        <translation>Test page handed over</translation>
    </message>
    <message id="printers.tested.handed_over.detail">
        <source>This way to paper cannot say whether it was printed: look at the printer.</source>
        <translation>This way to paper cannot say whether it was printed: look at the printer.</translation>
    </message>
    <message id="printers.tested.not_printed">
        <source>Not printed · {why}</source>
        <translation>Not printed · {why}</translation>
    </message>
    <message id="printers.tested.printed">
        <source>Test page printed</source>
        <translation>Test page printed</translation>
    </message>
    <message id="printers.tested.printed.detail">
        <source>Does the row of digits reach both edges and is nothing missing? Then paper width and letters are right.</source>
        <translation>Does the row of digits reach both edges and is nothing missing? Then paper width and letters are right.</translation>
    </message>
    <message id="printers.tested.unknown">
        <source>Perhaps printed · {why}</source>
        <translation>Perhaps printed · {why}</translation>
    </message>
    <message id="printers.tested.unknown.detail">
        <source>Part of the page went out, then the answer did not come. Look at the printer, then print it again.</source>
        <translation>Part of the page went out, then the answer did not come. Look at the printer, then print it again.</translation>
    </message>
    <message id="printers.testing">
        <source>The test page is being printed…</source>
        <translation>The test page is being printed…</translation>
    </message>
    <message id="printers.use">
        <source>Use this printer</source>
        <translation>Use this printer</translation>
    </message>
    <message id="printers.used">
        <source>Printer in use</source>
        <translation>Printer in use</translation>
    </message>
    <message id="printers.wrong">
        <source>That is no printer&apos;s address</source>
        <translation>That is no printer&apos;s address</translation>
    </message>
    <message id="printers.wrong.detail">
        <source>Network: 192.168.1.50. USB: /dev/usb/lp0. Serial: /dev/ttyUSB0 or COM3. Queue of this computer: spooler://NAME.</source>
        <translation>Network: 192.168.1.50. USB: /dev/usb/lp0. Serial: /dev/ttyUSB0 or COM3. Queue of this computer: spooler://NAME.</translation>
    </message>
    <message id="products.none">
        <source>No products here</source>
        <translation>No products here</translation>
    </message>
    <message id="products.none.detail">
        <source>They appear once head office publishes them.</source>
        <translation>They appear once head office publishes them.</translation>
    </message>
    <message id="recent.heading">
        <source>Recent use</source>
        <translation>Recent use</translation>
    </message>
    <message id="recent.here">
        <source>What happened at this till, with or without a network.</source>
        <translation>What happened at this till, with or without a network.</translation>
    </message>
    <message id="recent.none">
        <source>Nothing yet</source>
        <translation>Nothing yet</translation>
    </message>
    <message id="recent.title">
        <source>Recent</source>
        <translation>Recent</translation>
    </message>
    <message id="refund.amount">
        <source>Refund amount</source>
        <translation>Refund amount</translation>
    </message>
    <message id="refund.answered">
        <source>A refund was answered</source>
        <translation>A refund was answered</translation>
    </message>
    <message id="refund.answered.detail">
        <source>See whether money is to be handed out.</source>
        <translation>See whether money is to be handed out.</translation>
    </message>
    <message id="refund.ask_again">
        <source>Ask again now</source>
        <translation>Ask again now</translation>
    </message>
    <message id="refund.asked.detail">
        <source>Hand nothing out yet; head office is asked again.</source>
        <translation>Hand nothing out yet; head office is asked again.</translation>
    </message>
    <message id="refund.back">
        <source>Refund</source>
        <translation>Refund</translation>
    </message>
    <message id="refund.cash">
        <source>Hand out {amount}</source>
        <translation>Hand out {amount}</translation>
    </message>
    <message id="refund.cash.range">
        <source>Hand out {least} to {most}</source>
        <translation>Hand out {least} to {most}</translation>
    </message>
    <message id="refund.cash.range.detail">
        <source>{bonus} of bonus is taken back; what was spent comes off the cash. Head office says how much.</source>
        <translation>{bonus} of bonus is taken back; what was spent comes off the cash. Head office says how much.</translation>
    </message>
    <message id="refund.cash.unknown">
        <source>Head office says how much</source>
        <translation>Head office says how much</translation>
    </message>
    <message id="refund.cash.unknown.detail">
        <source>Bonus already spent is kept from the cash.</source>
        <translation>Bonus already spent is kept from the cash.</translation>
    </message>
    <message id="refund.exact.balance">
        <source>On the card then {amount}</source>
        <translation>On the card then {amount}</translation>
    </message>
    <message id="refund.exact.bonus">
        <source>Bonus taken back {amount}</source>
        <translation>Bonus taken back {amount}</translation>
    </message>
    <message id="refund.exact.bonus_back">
        <source>Bonus {amount}</source>
        <translation>Bonus {amount}</translation>
    </message>
    <message id="refund.exact.card">
        <source>{amount} goes back to the card</source>
        <translation>{amount} goes back to the card</translation>
    </message>
    <message id="refund.exact.kept">
        <source>Kept for spent bonus {amount}</source>
        <translation>Kept for spent bonus {amount}</translation>
    </message>
    <message id="refund.exact.points">
        <source>Points taken back {points}</source>
        <translation>Points taken back {points}</translation>
    </message>
    <message id="refund.exact.principal">
        <source>Paid money {amount}</source>
        <translation>Paid money {amount}</translation>
    </message>
    <message id="refund.exact.uncollected">
        <source>Bonus not recovered {amount}</source>
        <translation>Bonus not recovered {amount}</translation>
    </message>
    <message id="refund.find">
        <source>Find</source>
        <translation>Find</translation>
    </message>
    <message id="refund.gone">
        <source>Refunded</source>
        <translation>Refunded</translation>
    </message>
    <message id="refund.granted.card">
        <source>Back on the card; hand nothing out.</source>
        <translation>Back on the card; hand nothing out.</translation>
    </message>
    <message id="refund.granted.cash">
        <source>Hand {amount} to the customer ({tender})</source>
        <translation>Hand {amount} to the customer ({tender})</translation>
    </message>
    <message id="refund.handed_out">
        <source>Handed out</source>
        <translation>Handed out</translation>
    </message>
    <message id="refund.how_back">
        <source>Paid back by</source>
        <translation>Paid back by</translation>
    </message>
    <message id="refund.how_much">
        <source>Amount</source>
        <translation>Amount</translation>
    </message>
    <message id="refund.kind.charge">
        <source>Card payment</source>
        <translation>Card payment</translation>
    </message>
    <message id="refund.kind.order">
        <source>Sale</source>
        <translation>Sale</translation>
    </message>
    <message id="refund.kind.top_up">
        <source>Top-up</source>
        <translation>Top-up</translation>
    </message>
    <message id="refund.left">
        <source>Left to refund</source>
        <translation>Left to refund</translation>
    </message>
    <message id="refund.left.of">
        <source>{left} of {amount}</source>
        <translation>{left} of {amount}</translation>
    </message>
    <message id="refund.line.back">
        <source>Refunded</source>
        <translation>Refunded</translation>
    </message>
    <message id="refund.lines">
        <source>What comes back</source>
        <translation>What comes back</translation>
    </message>
    <message id="refund.no_answer">
        <source>Head office has not answered yet</source>
        <translation>Head office has not answered yet</translation>
    </message>
    <message id="refund.no_answer.detail">
        <source>Hand nothing out. The till keeps asking under the same id; the answer appears at the left.</source>
        <translation>Hand nothing out. The till keeps asking under the same id; the answer appears at the left.</translation>
    </message>
    <message id="refund.none">
        <source>No sales, charges or top-ups yet</source>
        <translation>No sales, charges or top-ups yet</translation>
    </message>
    <message id="refund.none.detail">
        <source>For a card payment or a top-up of another till, type its number.</source>
        <translation>For a card payment or a top-up of another till, type its number.</translation>
    </message>
    <message id="refund.number">
        <source>Transaction or slip number</source>
        <translation>Transaction or slip number</translation>
    </message>
    <message id="refund.offline">
        <source>No network: sales only</source>
        <translation>No network: sales only</translation>
    </message>
    <message id="refund.offline.detail">
        <source>Card payments and top-ups are refunded once head office answers.</source>
        <translation>Card payments and top-ups are refunded once head office answers.</translation>
    </message>
    <message id="refund.order">
        <source>Refund</source>
        <translation>Refund</translation>
    </message>
    <message id="refund.paid">
        <source>Original amount</source>
        <translation>Original amount</translation>
    </message>
    <message id="refund.placeholder">
        <source>Transaction or slip no.</source>
        <translation>Transaction or slip no.</translation>
    </message>
    <message id="refund.prompt">
        <source>Choose a transaction</source>
        <translation>Choose a transaction</translation>
    </message>
    <message id="refund.prompt.detail">
        <source>From the list, by its number, or by scanning the slip.</source>
        <translation>From the list, by its number, or by scanning the slip.</translation>
    </message>
    <message id="refund.reason.amount_wrong">
        <source>Wrong amount</source>
        <translation>Wrong amount</translation>
    </message>
    <message id="refund.reason.changed_mind">
        <source>Changed mind</source>
        <translation>Changed mind</translation>
    </message>
    <message id="refund.reason.not_delivered">
        <source>Not delivered</source>
        <translation>Not delivered</translation>
    </message>
    <message id="refund.reason.order_wrong">
        <source>Wrong order</source>
        <translation>Wrong order</translation>
    </message>
    <message id="refund.reason.other">
        <source>Other</source>
        <translation>Other</translation>
    </message>
    <message id="refund.reason.product_fault">
        <source>Product fault</source>
        <translation>Product fault</translation>
    </message>
    <message id="refund.refused.detail">
        <source>Not refunded: {reason}</source>
        <translation>Not refunded: {reason}</translation>
    </message>
    <message id="refund.seen">
        <source>Got it</source>
        <translation>Got it</translation>
    </message>
    <message id="refund.state.accepted">
        <source>Granted</source>
        <translation>Granted</translation>
    </message>
    <message id="refund.state.asked">
        <source>Waiting</source>
        <translation>Waiting</translation>
    </message>
    <message id="refund.state.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="refund.state.refused">
        <source>Refused</source>
        <translation>Refused</translation>
    </message>
    <message id="refund.title">
        <source>Transaction</source>
        <translation>Transaction</translation>
    </message>
    <message id="refund.to_card">
        <source>It goes back to the card</source>
        <translation>It goes back to the card</translation>
    </message>
    <message id="refund.to_card.detail">
        <source>No money is handed out; the points it earned are taken back.</source>
        <translation>No money is handed out; the points it earned are taken back.</translation>
    </message>
    <message id="refund.unsynced">
        <source>Not synced yet</source>
        <translation>Not synced yet</translation>
    </message>
    <message id="refund.waits">
        <source>A refund of it is waiting</source>
        <translation>A refund of it is waiting</translation>
    </message>
    <message id="refund.waits.detail">
        <source>Do not repeat it; wait for the answer.</source>
        <translation>Do not repeat it; wait for the answer.</translation>
    </message>
    <message id="refund.whole">
        <source>All</source>
        <translation>All</translation>
    </message>
    <message id="refund.why">
        <source>Reason</source>
        <translation>Reason</translation>
    </message>
    <message id="refusal.add_on_unknown">
        <source>This add-on does not go with the product</source>
        <translation>This add-on does not go with the product</translation>
    </message>
    <message id="refusal.add_on_unknown.next">
        <source>Choose another add-on.</source>
        <translation>Choose another add-on.</translation>
    </message>
    <message id="refusal.already_paired">
        <source>This till is paired already</source>
        <translation>This till is paired already</translation>
    </message>
    <message id="refusal.already_paired.next">
        <source>You can sign in.</source>
        <translation>You can sign in.</translation>
    </message>
    <message id="refusal.amount_invalid">
        <source>The amount is not valid</source>
        <translation>The amount is not valid</translation>
    </message>
    <message id="refusal.amount_invalid.next">
        <source>Write it like 12.50.</source>
        <translation>Write it like 12.50.</translation>
    </message>
    <message id="refusal.amount_invalid.top_up">
        <source>The amount is not valid</source>
        <translation>The amount is not valid</translation>
    </message>
    <message id="refusal.amount_invalid.top_up.next">
        <source>At most {most} at a time.</source>
        <translation>At most {most} at a time.</translation>
    </message>
    <message id="refusal.approval_needed">
        <source>A manager must approve this</source>
        <translation>A manager must approve this</translation>
    </message>
    <message id="refusal.approval_needed.next">
        <source>Ask a colleague who may to type a PIN.</source>
        <translation>Ask a colleague who may to type a PIN.</translation>
    </message>
    <message id="refusal.balance_insufficient">
        <source>Not enough on the card</source>
        <translation>Not enough on the card</translation>
    </message>
    <message id="refusal.balance_insufficient.charge">
        <source>Only {balance} on the card</source>
        <translation>Only {balance} on the card</translation>
    </message>
    <message id="refusal.balance_insufficient.charge.next">
        <source>Top it up, or take another tender.</source>
        <translation>Top it up, or take another tender.</translation>
    </message>
    <message id="refusal.balance_insufficient.next">
        <source>Take some off, or choose another tender.</source>
        <translation>Take some off, or choose another tender.</translation>
    </message>
    <message id="refusal.basket_empty">
        <source>The basket is empty</source>
        <translation>The basket is empty</translation>
    </message>
    <message id="refusal.basket_empty.next">
        <source>Tap a product first.</source>
        <translation>Tap a product first.</translation>
    </message>
    <message id="refusal.bonus_differs">
        <source>The bonus has changed</source>
        <translation>The bonus has changed</translation>
    </message>
    <message id="refusal.bonus_differs.next">
        <source>Check the new bonus and confirm again.</source>
        <translation>Check the new bonus and confirm again.</translation>
    </message>
    <message id="refusal.card_currency_unset">
        <source>The card has no money on it yet</source>
        <translation>The card has no money on it yet</translation>
    </message>
    <message id="refusal.card_currency_unset.next">
        <source>Top it up first, or choose another tender.</source>
        <translation>Top it up first, or choose another tender.</translation>
    </message>
    <message id="refusal.card_expired">
        <source>This card has expired</source>
        <translation>This card has expired</translation>
    </message>
    <message id="refusal.card_expired.next">
        <source>Choose another tender, or call head office.</source>
        <translation>Choose another tender, or call head office.</translation>
    </message>
    <message id="refusal.card_inactive">
        <source>This card cannot be used</source>
        <translation>This card cannot be used</translation>
    </message>
    <message id="refusal.card_inactive.next">
        <source>Choose another tender, or call head office.</source>
        <translation>Choose another tender, or call head office.</translation>
    </message>
    <message id="refusal.card_unknown">
        <source>This card is not known</source>
        <translation>This card is not known</translation>
    </message>
    <message id="refusal.card_unknown.next">
        <source>Ask for the code again, or choose another tender.</source>
        <translation>Ask for the code again, or choose another tender.</translation>
    </message>
    <message id="refusal.cash_insufficient">
        <source>The drawer does not hold that much</source>
        <translation>The drawer does not hold that much</translation>
    </message>
    <message id="refusal.cash_insufficient.next">
        <source>Check the amount.</source>
        <translation>Check the amount.</translation>
    </message>
    <message id="refusal.change_only_from_cash">
        <source>Only cash gives change</source>
        <translation>Only cash gives change</translation>
    </message>
    <message id="refusal.change_only_from_cash.next">
        <source>Take the exact amount.</source>
        <translation>Take the exact amount.</translation>
    </message>
    <message id="refusal.code_edited">
        <source>The code has been altered</source>
        <translation>The code has been altered</translation>
    </message>
    <message id="refusal.code_edited.next">
        <source>Ask the member to refresh the code.</source>
        <translation>Ask the member to refresh the code.</translation>
    </message>
    <message id="refusal.code_edited.orders">
        <source>This slip&apos;s check code is wrong</source>
        <translation>This slip&apos;s check code is wrong</translation>
    </message>
    <message id="refusal.code_edited.orders.next">
        <source>The paper may have been altered; trust the till&apos;s record: find it by its number.</source>
        <translation>The paper may have been altered; trust the till&apos;s record: find it by its number.</translation>
    </message>
    <message id="refusal.code_expired">
        <source>The code has expired</source>
        <translation>The code has expired</translation>
    </message>
    <message id="refusal.code_expired.next">
        <source>Ask the member to refresh the code.</source>
        <translation>Ask the member to refresh the code.</translation>
    </message>
    <message id="refusal.code_foreign">
        <source>This is not a member code</source>
        <translation>This is not a member code</translation>
    </message>
    <message id="refusal.code_foreign.charge">
        <source>This code does not pay</source>
        <translation>This code does not pay</translation>
    </message>
    <message id="refusal.code_foreign.charge.next">
        <source>Ask for the member&apos;s short code (not the large offline one).</source>
        <translation>Ask for the member&apos;s short code (not the large offline one).</translation>
    </message>
    <message id="refusal.code_foreign.next">
        <source>Ask for this shop&apos;s member code.</source>
        <translation>Ask for this shop&apos;s member code.</translation>
    </message>
    <message id="refusal.code_locked">
        <source>The member&apos;s codes are locked for 15 minutes</source>
        <translation>The member&apos;s codes are locked for 15 minutes</translation>
    </message>
    <message id="refusal.code_locked.charge">
        <source>The member&apos;s codes are locked for 15 minutes</source>
        <translation>The member&apos;s codes are locked for 15 minutes</translation>
    </message>
    <message id="refusal.code_locked.charge.next">
        <source>Take another tender.</source>
        <translation>Take another tender.</translation>
    </message>
    <message id="refusal.code_locked.next">
        <source>Find the member by phone.</source>
        <translation>Find the member by phone.</translation>
    </message>
    <message id="refusal.code_not_yet_valid">
        <source>The code is not valid yet</source>
        <translation>The code is not valid yet</translation>
    </message>
    <message id="refusal.code_not_yet_valid.next">
        <source>Check the phone&apos;s clock and refresh the code.</source>
        <translation>Check the phone&apos;s clock and refresh the code.</translation>
    </message>
    <message id="refusal.code_other_terminal">
        <source>The code is for another till</source>
        <translation>The code is for another till</translation>
    </message>
    <message id="refusal.code_other_terminal.next">
        <source>The member can give it back on the phone and set it aside for this till.</source>
        <translation>The member can give it back on the phone and set it aside for this till.</translation>
    </message>
    <message id="refusal.code_pays_goods">
        <source>This code pays for goods</source>
        <translation>This code pays for goods</translation>
    </message>
    <message id="refusal.code_pays_goods.next">
        <source>Tap the goods, choose Card, then scan it again.</source>
        <translation>Tap the goods, choose Card, then scan it again.</translation>
    </message>
    <message id="refusal.code_unreadable">
        <source>No code could be read</source>
        <translation>No code could be read</translation>
    </message>
    <message id="refusal.code_unreadable.next">
        <source>Hold it steady, clean the screen, turn it brighter.</source>
        <translation>Hold it steady, clean the screen, turn it brighter.</translation>
    </message>
    <message id="refusal.code_used">
        <source>The code was used already</source>
        <translation>The code was used already</translation>
    </message>
    <message id="refusal.code_used.next">
        <source>Ask the member to refresh the code.</source>
        <translation>Ask the member to refresh the code.</translation>
    </message>
    <message id="refusal.code_wrong">
        <source>The code is wrong</source>
        <translation>The code is wrong</translation>
    </message>
    <message id="refusal.code_wrong.next">
        <source>Ask the member to refresh the code.</source>
        <translation>Ask the member to refresh the code.</translation>
    </message>
    <message id="refusal.content_differs">
        <source>Head office has this request with another content</source>
        <translation>Head office has this request with another content</translation>
    </message>
    <message id="refusal.content_differs.next">
        <source>Begin again. If it stays, call head office.</source>
        <translation>Begin again. If it stays, call head office.</translation>
    </message>
    <message id="refusal.count_missing">
        <source>Something was not counted</source>
        <translation>Something was not counted</translation>
    </message>
    <message id="refusal.count_missing.next">
        <source>Count every tender; 0 where there is nothing.</source>
        <translation>Count every tender; 0 where there is nothing.</translation>
    </message>
    <message id="refusal.currency_mismatch">
        <source>The currency is not this store&apos;s</source>
        <translation>The currency is not this store&apos;s</translation>
    </message>
    <message id="refusal.currency_mismatch.next">
        <source>Call head office.</source>
        <translation>Call head office.</translation>
    </message>
    <message id="refusal.difference_unexplained">
        <source>The count differs from what is expected</source>
        <translation>The count differs from what is expected</translation>
    </message>
    <message id="refusal.difference_unexplained.next">
        <source>Count again, or choose a reason.</source>
        <translation>Count again, or choose a reason.</translation>
    </message>
    <message id="refusal.key_unknown">
        <source>Head office does not know this till any more</source>
        <translation>Head office does not know this till any more</translation>
    </message>
    <message id="refusal.key_unknown.next">
        <source>Nothing is lost. Head office makes a new pairing code for this till; then it is paired again: pos-app pair CODE --server ADDRESS</source>
        <translation>Nothing is lost. Head office makes a new pairing code for this till; then it is paired again: pos-app pair CODE --server ADDRESS</translation>
    </message>
    <message id="refusal.member_inactive">
        <source>This member is not active</source>
        <translation>This member is not active</translation>
    </message>
    <message id="refusal.member_inactive.next">
        <source>Call head office.</source>
        <translation>Call head office.</translation>
    </message>
    <message id="refusal.member_pin_needed">
        <source>Their PIN is needed</source>
        <translation>Their PIN is needed</translation>
    </message>
    <message id="refusal.member_pin_needed.next">
        <source>The customer types it, or shows the code on their phone.</source>
        <translation>The customer types it, or shows the code on their phone.</translation>
    </message>
    <message id="refusal.member_unknown">
        <source>No such member</source>
        <translation>No such member</translation>
    </message>
    <message id="refusal.member_unknown.find">
        <source>No member has this phone</source>
        <translation>No member has this phone</translation>
    </message>
    <message id="refusal.member_unknown.find.next">
        <source>Check the number, or create a new member.</source>
        <translation>Check the number, or create a new member.</translation>
    </message>
    <message id="refusal.member_unknown.next">
        <source>Check the number, or ask for the member&apos;s code.</source>
        <translation>Check the number, or ask for the member&apos;s code.</translation>
    </message>
    <message id="refusal.member_unknown.orders">
        <source>No such member</source>
        <translation>No such member</translation>
    </message>
    <message id="refusal.member_unknown.orders.next">
        <source>Ask for a fresh code, or type the end of the phone number.</source>
        <translation>Ask for a fresh code, or type the end of the phone number.</translation>
    </message>
    <message id="refusal.name_invalid">
        <source>The name cannot be used</source>
        <translation>The name cannot be used</translation>
    </message>
    <message id="refusal.name_invalid.next">
        <source>Type a name of 1 to 100 characters.</source>
        <translation>Type a name of 1 to 100 characters.</translation>
    </message>
    <message id="refusal.newer_than_server">
        <source>Written by a newer program than the server&apos;s</source>
        <translation>Written by a newer program than the server&apos;s</translation>
    </message>
    <message id="refusal.newer_than_server.next">
        <source>What is recorded is kept and sent. Call head office.</source>
        <translation>What is recorded is kept and sent. Call head office.</translation>
    </message>
    <message id="refusal.not_admin">
        <source>This member does not administer that company card</source>
        <translation>This member does not administer that company card</translation>
    </message>
    <message id="refusal.not_admin.next">
        <source>Only its admins may top it up. Choose another card, or ask an admin to come.</source>
        <translation>Only its admins may top it up. Choose another card, or ask an admin to come.</translation>
    </message>
    <message id="refusal.not_in_training">
        <source>Real members are not known in training</source>
        <translation>Real members are not known in training</translation>
    </message>
    <message id="refusal.not_in_training.next">
        <source>Take one of the made-up members under More, Training; or leave training to serve this one.</source>
        <translation>Take one of the made-up members under More, Training; or leave training to serve this one.</translation>
    </message>
    <message id="refusal.not_paired">
        <source>This till is not paired</source>
        <translation>This till is not paired</translation>
    </message>
    <message id="refusal.not_paired.next">
        <source>Ask head office for a pairing code.</source>
        <translation>Ask head office for a pairing code.</translation>
    </message>
    <message id="refusal.not_refundable_here">
        <source>{kind}: not refunded at the till</source>
        <translation>{kind}: not refunded at the till</translation>
    </message>
    <message id="refusal.not_refundable_here.next">
        <source>Head office decides what comes back: call there with the slip&apos;s number.</source>
        <translation>Head office decides what comes back: call there with the slip&apos;s number.</translation>
    </message>
    <message id="refusal.not_signed_in">
        <source>Nobody is signed in</source>
        <translation>Nobody is signed in</translation>
    </message>
    <message id="refusal.not_signed_in.next">
        <source>Sign in first.</source>
        <translation>Sign in first.</translation>
    </message>
    <message id="refusal.offline_clock_frozen">
        <source>Never synced: no offline redemptions</source>
        <translation>Never synced: no offline redemptions</translation>
    </message>
    <message id="refusal.offline_clock_frozen.next">
        <source>One contact with head office is enough.</source>
        <translation>One contact with head office is enough.</translation>
    </message>
    <message id="refusal.offline_member_cap">
        <source>The member has used up today&apos;s offline uses</source>
        <translation>The member has used up today&apos;s offline uses</translation>
    </message>
    <message id="refusal.offline_member_cap.next">
        <source>Wait for the network.</source>
        <translation>Wait for the network.</translation>
    </message>
    <message id="refusal.offline_needs_signed_code">
        <source>Offline, the member&apos;s offline code is needed</source>
        <translation>Offline, the member&apos;s offline code is needed</translation>
    </message>
    <message id="refusal.offline_needs_signed_code.next">
        <source>Ask for the large offline code and scan it.</source>
        <translation>Ask for the large offline code and scan it.</translation>
    </message>
    <message id="refusal.offline_not_allowed">
        <source>This pass cannot be redeemed offline</source>
        <translation>This pass cannot be redeemed offline</translation>
    </message>
    <message id="refusal.offline_not_allowed.charge">
        <source>Cards cannot be charged offline</source>
        <translation>Cards cannot be charged offline</translation>
    </message>
    <message id="refusal.offline_not_allowed.charge.next">
        <source>Use this till&apos;s code or another tender.</source>
        <translation>Use this till&apos;s code or another tender.</translation>
    </message>
    <message id="refusal.offline_not_allowed.next">
        <source>Let the customer scan this till&apos;s code, or sell for money.</source>
        <translation>Let the customer scan this till&apos;s code, or sell for money.</translation>
    </message>
    <message id="refusal.offline_not_allowed.refund">
        <source>Refunds need head office</source>
        <translation>Refunds need head office</translation>
    </message>
    <message id="refusal.offline_not_allowed.refund.next">
        <source>Wait for the network; hand nothing out.</source>
        <translation>Wait for the network; hand nothing out.</translation>
    </message>
    <message id="refusal.offline_operation_cap">
        <source>Offline: at most {limit} per order</source>
        <translation>Offline: at most {limit} per order</translation>
    </message>
    <message id="refusal.offline_operation_cap.next">
        <source>Take some off.</source>
        <translation>Take some off.</translation>
    </message>
    <message id="refusal.offline_snapshot_too_old">
        <source>The member&apos;s offline code is too old</source>
        <translation>The member&apos;s offline code is too old</translation>
    </message>
    <message id="refusal.offline_snapshot_too_old.next">
        <source>Ask the member to refresh it online.</source>
        <translation>Ask the member to refresh it online.</translation>
    </message>
    <message id="refusal.offline_sync_too_old">
        <source>Offline for too long</source>
        <translation>Offline for too long</translation>
    </message>
    <message id="refusal.offline_sync_too_old.next">
        <source>Wait for the network.</source>
        <translation>Wait for the network.</translation>
    </message>
    <message id="refusal.offline_terminal_cap">
        <source>This till has used up its offline uses</source>
        <translation>This till has used up its offline uses</translation>
    </message>
    <message id="refusal.offline_terminal_cap.next">
        <source>Wait for the network.</source>
        <translation>Wait for the network.</translation>
    </message>
    <message id="refusal.other">
        <source>Not done ({code})</source>
        <translation>Not done ({code})</translation>
    </message>
    <message id="refusal.other.next">
        <source>Try again; if it stays, tell head office this code.</source>
        <translation>Try again; if it stays, tell head office this code.</translation>
    </message>
    <message id="refusal.pairing_code_expired">
        <source>The pairing code has expired</source>
        <translation>The pairing code has expired</translation>
    </message>
    <message id="refusal.pairing_code_expired.next">
        <source>Ask head office for a new one.</source>
        <translation>Ask head office for a new one.</translation>
    </message>
    <message id="refusal.pairing_code_used">
        <source>The pairing code was used already</source>
        <translation>The pairing code was used already</translation>
    </message>
    <message id="refusal.pairing_code_used.next">
        <source>Ask head office for a new one.</source>
        <translation>Ask head office for a new one.</translation>
    </message>
    <message id="refusal.pairing_code_wrong">
        <source>The pairing code is wrong</source>
        <translation>The pairing code is wrong</translation>
    </message>
    <message id="refusal.pairing_code_wrong.next">
        <source>Check letters and digits.</source>
        <translation>Check letters and digits.</translation>
    </message>
    <message id="refusal.pairing_throttled">
        <source>Too many tries</source>
        <translation>Too many tries</translation>
    </message>
    <message id="refusal.pairing_throttled.next">
        <source>Wait a few minutes.</source>
        <translation>Wait a few minutes.</translation>
    </message>
    <message id="refusal.pass_expired">
        <source>This pass has expired</source>
        <translation>This pass has expired</translation>
    </message>
    <message id="refusal.pass_expired.next">
        <source>Choose another, or sell a new one.</source>
        <translation>Choose another, or sell a new one.</translation>
    </message>
    <message id="refusal.pass_not_active">
        <source>This pass cannot be used yet</source>
        <translation>This pass cannot be used yet</translation>
    </message>
    <message id="refusal.pass_not_active.next">
        <source>It awaits review at head office; choose another.</source>
        <translation>It awaits review at head office; choose another.</translation>
    </message>
    <message id="refusal.pass_other_member">
        <source>The pass belongs to another member</source>
        <translation>The pass belongs to another member</translation>
    </message>
    <message id="refusal.pass_other_member.charge">
        <source>The code is another member&apos;s</source>
        <translation>The code is another member&apos;s</translation>
    </message>
    <message id="refusal.pass_other_member.charge.next">
        <source>Scan this member&apos;s own, or change the member first.</source>
        <translation>Scan this member&apos;s own, or change the member first.</translation>
    </message>
    <message id="refusal.pass_other_member.next">
        <source>Scan the member&apos;s code again.</source>
        <translation>Scan the member&apos;s code again.</translation>
    </message>
    <message id="refusal.pass_other_merchant">
        <source>The pass belongs to another merchant</source>
        <translation>The pass belongs to another merchant</translation>
    </message>
    <message id="refusal.pass_other_merchant.next">
        <source>It cannot be used here; choose another.</source>
        <translation>It cannot be used here; choose another.</translation>
    </message>
    <message id="refusal.pass_revoked">
        <source>The pass was revoked</source>
        <translation>The pass was revoked</translation>
    </message>
    <message id="refusal.pass_revoked.next">
        <source>Choose another, or call head office.</source>
        <translation>Choose another, or call head office.</translation>
    </message>
    <message id="refusal.pass_unknown">
        <source>This pass is not known</source>
        <translation>This pass is not known</translation>
    </message>
    <message id="refusal.pass_unknown.next">
        <source>Refresh the member and try again.</source>
        <translation>Refresh the member and try again.</translation>
    </message>
    <message id="refusal.permission_missing">
        <source>You may not do this</source>
        <translation>You may not do this</translation>
    </message>
    <message id="refusal.permission_missing.approve">
        <source>This person may not approve it either</source>
        <translation>This person may not approve it either</translation>
    </message>
    <message id="refusal.permission_missing.approve.next">
        <source>Ask somebody who may to type their PIN.</source>
        <translation>Ask somebody who may to type their PIN.</translation>
    </message>
    <message id="refusal.permission_missing.next">
        <source>Ask a colleague who may.</source>
        <translation>Ask a colleague who may.</translation>
    </message>
    <message id="refusal.phone_invalid">
        <source>The phone number is not valid</source>
        <translation>The phone number is not valid</translation>
    </message>
    <message id="refusal.phone_invalid.create_member">
        <source>The phone number is not valid</source>
        <translation>The phone number is not valid</translation>
    </message>
    <message id="refusal.phone_invalid.create_member.next">
        <source>Type the whole number; one from abroad begins with + and its country.</source>
        <translation>Type the whole number; one from abroad begins with + and its country.</translation>
    </message>
    <message id="refusal.phone_invalid.next">
        <source>Type the whole number, or its last four digits. One from abroad begins with + and its country.</source>
        <translation>Type the whole number, or its last four digits. One from abroad begins with + and its country.</translation>
    </message>
    <message id="refusal.pin_invalid">
        <source>A member&apos;s PIN has {least} to {most} digits</source>
        <translation>A member&apos;s PIN has {least} to {most} digits</translation>
    </message>
    <message id="refusal.pin_invalid.next">
        <source>Type digits only.</source>
        <translation>Type digits only.</translation>
    </message>
    <message id="refusal.pin_not_set">
        <source>This member has no PIN any more</source>
        <translation>This member has no PIN any more</translation>
    </message>
    <message id="refusal.pin_not_set.next">
        <source>Go back and confirm again; make sure it is them.</source>
        <translation>Go back and confirm again; make sure it is them.</translation>
    </message>
    <message id="refusal.pin_throttled">
        <source>Too many tries; wait {span}</source>
        <translation>Too many tries; wait {span}</translation>
    </message>
    <message id="refusal.pin_throttled.member_pin">
        <source>Too many tries; wait {span}</source>
        <translation>Too many tries; wait {span}</translation>
    </message>
    <message id="refusal.pin_throttled.member_pin.next">
        <source>Until then, show the code on your phone.</source>
        <translation>Until then, show the code on your phone.</translation>
    </message>
    <message id="refusal.pin_throttled.next">
        <source>You can try again when the count ends.</source>
        <translation>You can try again when the count ends.</translation>
    </message>
    <message id="refusal.pin_too_easy">
        <source>This PIN is too easy to guess</source>
        <translation>This PIN is too easy to guess</translation>
    </message>
    <message id="refusal.pin_too_easy.next">
        <source>Take another: no row of digits, and not the end of your phone number.</source>
        <translation>Take another: no row of digits, and not the end of your phone number.</translation>
    </message>
    <message id="refusal.pin_wrong">
        <source>Wrong PIN; {attempts_left} tries left</source>
        <translation>Wrong PIN; {attempts_left} tries left</translation>
    </message>
    <message id="refusal.pin_wrong.member_pin">
        <source>Wrong PIN; {attempts_left} tries left</source>
        <translation>Wrong PIN; {attempts_left} tries left</translation>
    </message>
    <message id="refusal.pin_wrong.member_pin.next">
        <source>Type it again, or show the code on your phone.</source>
        <translation>Type it again, or show the code on your phone.</translation>
    </message>
    <message id="refusal.pin_wrong.next">
        <source>Type it again.</source>
        <translation>Type it again.</translation>
    </message>
    <message id="refusal.plan_not_on_sale">
        <source>This pass is no longer on sale</source>
        <translation>This pass is no longer on sale</translation>
    </message>
    <message id="refusal.plan_not_on_sale.next">
        <source>Choose another one.</source>
        <translation>Choose another one.</translation>
    </message>
    <message id="refusal.plan_unknown">
        <source>This kind of pass is not known</source>
        <translation>This kind of pass is not known</translation>
    </message>
    <message id="refusal.plan_unknown.next">
        <source>Refresh and try again.</source>
        <translation>Refresh and try again.</translation>
    </message>
    <message id="refusal.policy_invalid">
        <source>The offline policy does not hold</source>
        <translation>The offline policy does not hold</translation>
    </message>
    <message id="refusal.policy_invalid.next">
        <source>Call head office.</source>
        <translation>Call head office.</translation>
    </message>
    <message id="refusal.price_changed">
        <source>The price has just changed</source>
        <translation>The price has just changed</translation>
    </message>
    <message id="refusal.price_changed.next">
        <source>Check the new price and confirm again.</source>
        <translation>Check the new price and confirm again.</translation>
    </message>
    <message id="refusal.product_not_eligible">
        <source>The pass does not cover this product</source>
        <translation>The pass does not cover this product</translation>
    </message>
    <message id="refusal.product_not_eligible.next">
        <source>Choose under On pass, or sell it for money.</source>
        <translation>Choose under On pass, or sell it for money.</translation>
    </message>
    <message id="refusal.product_unknown">
        <source>The product is no longer on sale</source>
        <translation>The product is no longer on sale</translation>
    </message>
    <message id="refusal.product_unknown.next">
        <source>Choose another one.</source>
        <translation>Choose another one.</translation>
    </message>
    <message id="refusal.refund_exceeds">
        <source>More than is left to refund</source>
        <translation>More than is left to refund</translation>
    </message>
    <message id="refusal.refund_exceeds.next">
        <source>Give a smaller amount.</source>
        <translation>Give a smaller amount.</translation>
    </message>
    <message id="refusal.refund_exceeds.refund">
        <source>At most {left} is left to refund</source>
        <translation>At most {left} is left to refund</translation>
    </message>
    <message id="refusal.refund_exceeds.refund.next">
        <source>Give a smaller amount.</source>
        <translation>Give a smaller amount.</translation>
    </message>
    <message id="refusal.refund_not_allowed">
        <source>This cannot be refunded here</source>
        <translation>This cannot be refunded here</translation>
    </message>
    <message id="refusal.refund_not_allowed.next">
        <source>Call head office.</source>
        <translation>Call head office.</translation>
    </message>
    <message id="refusal.request_abandoned">
        <source>Head office did not answer in time</source>
        <translation>Head office did not answer in time</translation>
    </message>
    <message id="refusal.request_abandoned.charge">
        <source>Head office did not answer in time</source>
        <translation>Head office did not answer in time</translation>
    </message>
    <message id="refusal.request_abandoned.charge.next">
        <source>Should it have charged, that is reversed by itself. Take another tender.</source>
        <translation>Should it have charged, that is reversed by itself. Take another tender.</translation>
    </message>
    <message id="refusal.request_abandoned.next">
        <source>Confirm again.</source>
        <translation>Confirm again.</translation>
    </message>
    <message id="refusal.request_expired">
        <source>What was sent came too late, or a clock is wrong</source>
        <translation>What was sent came too late, or a clock is wrong</translation>
    </message>
    <message id="refusal.request_expired.next">
        <source>Records are kept and sent again by themselves. If it stays, call head office.</source>
        <translation>Records are kept and sent again by themselves. If it stays, call head office.</translation>
    </message>
    <message id="refusal.request_malformed">
        <source>Head office cannot read what this till sends</source>
        <translation>Head office cannot read what this till sends</translation>
    </message>
    <message id="refusal.request_malformed.next">
        <source>Records are kept and sent again by themselves. If it stays, call head office: the program may be of another version.</source>
        <translation>Records are kept and sent again by themselves. If it stays, call head office: the program may be of another version.</translation>
    </message>
    <message id="refusal.request_replayed">
        <source>Head office has seen this very message before</source>
        <translation>Head office has seen this very message before</translation>
    </message>
    <message id="refusal.request_replayed.next">
        <source>It is sent anew by itself. If it stays, call head office.</source>
        <translation>It is sent anew by itself. If it stays, call head office.</translation>
    </message>
    <message id="refusal.request_taken_back">
        <source>Head office has taken this back</source>
        <translation>Head office has taken this back</translation>
    </message>
    <message id="refusal.request_taken_back.next">
        <source>Nothing is granted any more. Do not hand anything out; ask head office.</source>
        <translation>Nothing is granted any more. Do not hand anything out; ask head office.</translation>
    </message>
    <message id="refusal.request_too_large">
        <source>Head office takes no message as large as this</source>
        <translation>Head office takes no message as large as this</translation>
    </message>
    <message id="refusal.request_too_large.next">
        <source>Less is sent at once, by itself. If it stays, call head office.</source>
        <translation>Less is sent at once, by itself. If it stays, call head office.</translation>
    </message>
    <message id="refusal.reservation_closed">
        <source>What was set aside has ended</source>
        <translation>What was set aside has ended</translation>
    </message>
    <message id="refusal.reservation_closed.next">
        <source>Let the member set it aside anew, with this till&apos;s code.</source>
        <translation>Let the member set it aside anew, with this till&apos;s code.</translation>
    </message>
    <message id="refusal.reservation_exceeds">
        <source>Set aside here at once: {left}</source>
        <translation>Set aside here at once: {left}</translation>
    </message>
    <message id="refusal.reservation_exceeds.charge">
        <source>Set aside here: {left}</source>
        <translation>Set aside here: {left}</translation>
    </message>
    <message id="refusal.reservation_exceeds.charge.next">
        <source>Take some off, or choose another tender.</source>
        <translation>Take some off, or choose another tender.</translation>
    </message>
    <message id="refusal.reservation_exceeds.next">
        <source>Take some off, and redeem the rest apart.</source>
        <translation>Take some off, and redeem the rest apart.</translation>
    </message>
    <message id="refusal.reservation_recalled">
        <source>What was set aside was called back</source>
        <translation>What was set aside was called back</translation>
    </message>
    <message id="refusal.reservation_recalled.next">
        <source>Redeem online, or pay another way.</source>
        <translation>Redeem online, or pay another way.</translation>
    </message>
    <message id="refusal.revocation_unproven">
        <source>A server says this till is revoked, and does not prove it</source>
        <translation>A server says this till is revoked, and does not prove it</translation>
    </message>
    <message id="refusal.revocation_unproven.next">
        <source>Sell on: nothing is handed in until a server proves who it is, and it is asked again by itself. Call head office if this stays.</source>
        <translation>Sell on: nothing is handed in until a server proves who it is, and it is asked again by itself. Call head office if this stays.</translation>
    </message>
    <message id="refusal.revoked_queue_full">
        <source>Head office takes no more of this till&apos;s queue</source>
        <translation>Head office takes no more of this till&apos;s queue</translation>
    </message>
    <message id="refusal.revoked_queue_full.next">
        <source>It was revoked long ago. What is left stays on this machine; call head office.</source>
        <translation>It was revoked long ago. What is left stays on this machine; call head office.</translation>
    </message>
    <message id="refusal.sealing_key_missing">
        <source>This till cannot make members yet</source>
        <translation>This till cannot make members yet</translation>
    </message>
    <message id="refusal.sealing_key_missing.next">
        <source>Connect it to the server once; everything else works.</source>
        <translation>Connect it to the server once; everything else works.</translation>
    </message>
    <message id="refusal.server_address_wrong">
        <source>This is not a server&apos;s address</source>
        <translation>This is not a server&apos;s address</translation>
    </message>
    <message id="refusal.server_address_wrong.next">
        <source>It looks like https://tills.example.com; head office tells it.</source>
        <translation>It looks like https://tills.example.com; head office tells it.</translation>
    </message>
    <message id="refusal.server_too_old">
        <source>Head office&apos;s server is older than this program</source>
        <translation>Head office&apos;s server is older than this program</translation>
    </message>
    <message id="refusal.server_too_old.next">
        <source>What is recorded is kept and sent. Call head office.</source>
        <translation>What is recorded is kept and sent. Call head office.</translation>
    </message>
    <message id="refusal.shift_already_open">
        <source>The shift is open already</source>
        <translation>The shift is open already</translation>
    </message>
    <message id="refusal.shift_already_open.next">
        <source>You can sell.</source>
        <translation>You can sell.</translation>
    </message>
    <message id="refusal.shift_not_open">
        <source>No shift is open</source>
        <translation>No shift is open</translation>
    </message>
    <message id="refusal.shift_not_open.next">
        <source>Open a shift first.</source>
        <translation>Open a shift first.</translation>
    </message>
    <message id="refusal.signature_invalid">
        <source>Head office does not accept this till&apos;s signature</source>
        <translation>Head office does not accept this till&apos;s signature</translation>
    </message>
    <message id="refusal.signature_invalid.next">
        <source>Records are kept and sent again by themselves. If it stays, call head office.</source>
        <translation>Records are kept and sent again by themselves. If it stays, call head office.</translation>
    </message>
    <message id="refusal.signature_missing">
        <source>Head office could not tell that this till asked</source>
        <translation>Head office could not tell that this till asked</translation>
    </message>
    <message id="refusal.signature_missing.next">
        <source>Records are kept and sent again by themselves. If it stays, call head office: something between changes what is sent.</source>
        <translation>Records are kept and sent again by themselves. If it stays, call head office: something between changes what is sent.</translation>
    </message>
    <message id="refusal.slip_not_printed_yet">
        <source>The original is still waiting</source>
        <translation>The original is still waiting</translation>
    </message>
    <message id="refusal.slip_not_printed_yet.next">
        <source>It comes out when the printer is back.</source>
        <translation>It comes out when the printer is back.</translation>
    </message>
    <message id="refusal.slip_unknown">
        <source>No such slip</source>
        <translation>No such slip</translation>
    </message>
    <message id="refusal.slip_unknown.next">
        <source>Choose it from the list.</source>
        <translation>Choose it from the list.</translation>
    </message>
    <message id="refusal.slip_unknown.orders">
        <source>This till did not print {number}</source>
        <translation>This till did not print {number}</translation>
    </message>
    <message id="refusal.slip_unknown.orders.next">
        <source>Check the number; look another till&apos;s slip up there.</source>
        <translation>Check the number; look another till&apos;s slip up there.</translation>
    </message>
    <message id="refusal.template_invalid">
        <source>The slip template is broken</source>
        <translation>The slip template is broken</translation>
    </message>
    <message id="refusal.template_invalid.next">
        <source>Call head office.</source>
        <translation>Call head office.</translation>
    </message>
    <message id="refusal.tender_insufficient">
        <source>Not enough money: {short} short</source>
        <translation>Not enough money: {short} short</translation>
    </message>
    <message id="refusal.tender_insufficient.next">
        <source>Check what was received.</source>
        <translation>Check what was received.</translation>
    </message>
    <message id="refusal.tender_not_allowed">
        <source>The extra of a redemption takes cash or card only</source>
        <translation>The extra of a redemption takes cash or card only</translation>
    </message>
    <message id="refusal.tender_not_allowed.next">
        <source>Choose another tender.</source>
        <translation>Choose another tender.</translation>
    </message>
    <message id="refusal.tender_unknown">
        <source>Unknown tender</source>
        <translation>Unknown tender</translation>
    </message>
    <message id="refusal.tender_unknown.next">
        <source>Choose another tender.</source>
        <translation>Choose another tender.</translation>
    </message>
    <message id="refusal.terminal_revoked">
        <source>Head office has revoked this till</source>
        <translation>Head office has revoked this till</translation>
    </message>
    <message id="refusal.terminal_revoked.next">
        <source>What is recorded will still be handed in, and the data stays. Call head office; to go on, this machine is paired anew: pos-app pair CODE --anew.</source>
        <translation>What is recorded will still be handed in, and the data stays. Call head office; to go on, this machine is paired anew: pos-app pair CODE --anew.</translation>
    </message>
    <message id="refusal.terminal_unknown">
        <source>Head office does not know this till</source>
        <translation>Head office does not know this till</translation>
    </message>
    <message id="refusal.terminal_unknown.next">
        <source>Call head office.</source>
        <translation>Call head office.</translation>
    </message>
    <message id="refusal.till_too_old">
        <source>This program is too old</source>
        <translation>This program is too old</translation>
    </message>
    <message id="refusal.till_too_old.next">
        <source>Update it. What is recorded is still sent.</source>
        <translation>Update it. What is recorded is still sent.</translation>
    </message>
    <message id="refusal.transaction_unknown">
        <source>No such transaction</source>
        <translation>No such transaction</translation>
    </message>
    <message id="refusal.transaction_unknown.next">
        <source>Check the number.</source>
        <translation>Check the number.</translation>
    </message>
    <message id="refusal.transaction_unknown.orders">
        <source>No such number</source>
        <translation>No such number</translation>
    </message>
    <message id="refusal.transaction_unknown.orders.next">
        <source>Check the number, or scan the slip.</source>
        <translation>Check the number, or scan the slip.</translation>
    </message>
    <message id="refusal.uses_exhausted">
        <source>Not enough uses: {uses_left} left</source>
        <translation>Not enough uses: {uses_left} left</translation>
    </message>
    <message id="refusal.uses_exhausted.next">
        <source>Take some off, choose another pass, or sell more uses.</source>
        <translation>Take some off, choose another pass, or sell more uses.</translation>
    </message>
    <message id="refusal.uses_per_day_exceeded">
        <source>At most {limit} a day; {used_today} used today</source>
        <translation>At most {limit} a day; {used_today} used today</translation>
    </message>
    <message id="refusal.uses_per_day_exceeded.next">
        <source>Take some off, or choose another pass.</source>
        <translation>Take some off, or choose another pass.</translation>
    </message>
    <message id="refusal.uses_per_order_exceeded">
        <source>At most {limit} per order</source>
        <translation>At most {limit} per order</translation>
    </message>
    <message id="refusal.uses_per_order_exceeded.next">
        <source>Put the rest on another order.</source>
        <translation>Put the rest on another order.</translation>
    </message>
    <message id="result.next">
        <source>Next customer</source>
        <translation>Next customer</translation>
    </message>
    <message id="result.slips">
        <source>Slips</source>
        <translation>Slips</translation>
    </message>
    <message id="revoked.detail">
        <source>{waits} Head office decides about each record: call them. To go on with this machine, pair it anew: pos-app pair CODE --anew</source>
        <translation>{waits} Head office decides about each record: call them. To go on with this machine, pair it anew: pos-app pair CODE --anew</translation>
    </message>
    <message id="revoked.handed_in">
        <source>All records are handed in.</source>
        <translation>All records are handed in.</translation>
    </message>
    <message id="revoked.pending" numerus="yes">
        <source>{n} records wait to be handed in.</source>
        <translation>
            <numerusform>{n} record waits to be handed in.</numerusform>
            <numerusform>{n} records wait to be handed in.</numerusform>
        </translation>
    </message>
    <message id="revoked.title">
        <source>Head office has revoked this till: it sells nothing more</source>
        <translation>Head office has revoked this till: it sells nothing more</translation>
    </message>
    <message id="risk.and">
        <source>,</source>
        <translation>,</translation>
    </message>
    <message id="risk.bounds">
        <source>Up to {operation} at a time, {day} per member and day; offline time left: {span}.</source>
        <translation>Up to {operation} at a time, {day} per member and day; offline time left: {span}.</translation>
    </message>
    <message id="risk.enterprise_card">
        <source>{amount} of enterprise cards</source>
        <translation>{amount} of enterprise cards</translation>
    </message>
    <message id="risk.help.fine">
        <source>The next contact with the server restores it.</source>
        <translation>The next contact with the server restores it.</translation>
    </message>
    <message id="risk.help.forked">
        <source>This till&apos;s records do not match head office&apos;s: no redemptions offline. Call head office.</source>
        <translation>This till&apos;s records do not match head office&apos;s: no redemptions offline. Call head office.</translation>
    </message>
    <message id="risk.help.frozen">
        <source>The clock cannot be trusted; connect to the server once.</source>
        <translation>The clock cannot be trusted; connect to the server once.</translation>
    </message>
    <message id="risk.help.no_policy">
        <source>Head office allows no redemptions offline.</source>
        <translation>Head office allows no redemptions offline.</translation>
    </message>
    <message id="risk.help.other">
        <source>Reason: {code}</source>
        <translation>Reason: {code}</translation>
    </message>
    <message id="risk.help.revoked">
        <source>Head office has revoked this till: it may not sell. Its records will still be handed in; call head office.</source>
        <translation>Head office has revoked this till: it may not sell. Its records will still be handed in; call head office.</translation>
    </message>
    <message id="risk.help.too_old">
        <source>Too long without contact: the next contact with the server restores it.</source>
        <translation>Too long without contact: the next contact with the server restores it.</translation>
    </message>
    <message id="risk.help.used_up">
        <source>Used up: the next contact with the server restores it.</source>
        <translation>Used up: the next contact with the server restores it.</translation>
    </message>
    <message id="risk.left">
        <source>{left} of {cap} uses</source>
        <translation>{left} of {cap} uses</translation>
    </message>
    <message id="risk.none">
        <source>None</source>
        <translation>None</translation>
    </message>
    <message id="risk.personal_card">
        <source>{amount} of personal cards</source>
        <translation>{amount} of personal cards</translation>
    </message>
    <message id="risk.tickets">
        <source>{amount} tickets</source>
        <translation>{amount} tickets</translation>
    </message>
    <message id="risk.unused">
        <source>Head office allows {allowed}; this version of the till takes them online only.</source>
        <translation>Head office allows {allowed}; this version of the till takes them online only.</translation>
    </message>
    <message id="risk.what">
        <source>Redeem {uses} of {pass_name} at risk: no network, and the clock is unproven</source>
        <translation>Redeem {uses} of {pass_name} at risk: no network, and the clock is unproven</translation>
    </message>
    <message id="risk.what.card">
        <source>Take {amount} set aside here: no network, and the clock is unproven</source>
        <translation>Take {amount} set aside here: no network, and the clock is unproven</translation>
    </message>
    <message id="scan.digits">
        <source>Digits (F2)</source>
        <translation>Digits (F2)</translation>
    </message>
    <message id="scan.find">
        <source>Find member</source>
        <translation>Find member</translation>
    </message>
    <message id="scan.pad.title">
        <source>Full phone number, or its last four digits</source>
        <translation>Full phone number, or its last four digits</translation>
    </message>
    <message id="scan.placeholder">
        <source>Code or phone</source>
        <translation>Code or phone</translation>
    </message>
    <message id="scan.spoken">
        <source>Member code or phone</source>
        <translation>Member code or phone</translation>
    </message>
    <message id="scanner.error">
        <source>Fault</source>
        <translation>Fault</translation>
    </message>
    <message id="scanner.help.error">
        <source>Try another USB port, or choose another camera under Scanners.</source>
        <translation>Try another USB port, or choose another camera under Scanners.</translation>
    </message>
    <message id="scanner.help.lost">
        <source>Plug the camera or scanner in again; it comes back by itself. Use the phone number meanwhile.</source>
        <translation>Plug the camera or scanner in again; it comes back by itself. Use the phone number meanwhile.</translation>
    </message>
    <message id="scanner.help.none">
        <source>Drop a picture of the code on the window, or use the phone number.</source>
        <translation>Drop a picture of the code on the window, or use the phone number.</translation>
    </message>
    <message id="scanner.help.offline">
        <source>Plug the camera or scanner in again; it comes back by itself. Use the phone number meanwhile.</source>
        <translation>Plug the camera or scanner in again; it comes back by itself. Use the phone number meanwhile.</translation>
    </message>
    <message id="scanner.help.other">
        <source>Check camera and scanner.</source>
        <translation>Check camera and scanner.</translation>
    </message>
    <message id="scanner.lost">
        <source>Scanner lost</source>
        <translation>Scanner lost</translation>
    </message>
    <message id="scanner.none">
        <source>None</source>
        <translation>None</translation>
    </message>
    <message id="scanner.offline">
        <source>Scanner lost</source>
        <translation>Scanner lost</translation>
    </message>
    <message id="scanner.other">
        <source>State {code}</source>
        <translation>State {code}</translation>
    </message>
    <message id="scanner.ready">
        <source>Ready</source>
        <translation>Ready</translation>
    </message>
    <message id="scanner.starting">
        <source>Starting</source>
        <translation>Starting</translation>
    </message>
    <message id="scanner.view.error">
        <source>The camera does not open</source>
        <translation>The camera does not open</translation>
    </message>
    <message id="scanner.view.lost">
        <source>Camera unplugged; it comes back when plugged in</source>
        <translation>Camera unplugged; it comes back when plugged in</translation>
    </message>
    <message id="scanner.view.none">
        <source>No camera: drop a picture of the code here</source>
        <translation>No camera: drop a picture of the code here</translation>
    </message>
    <message id="scanner.view.offline">
        <source>Camera unplugged; it comes back when plugged in</source>
        <translation>Camera unplugged; it comes back when plugged in</translation>
    </message>
    <message id="scanner.view.other">
        <source>Camera: {code}</source>
        <translation>Camera: {code}</translation>
    </message>
    <message id="scanner.view.ready">
        <source>Waiting for a picture…</source>
        <translation>Waiting for a picture…</translation>
    </message>
    <message id="scanner.view.starting">
        <source>Opening the camera…</source>
        <translation>Opening the camera…</translation>
    </message>
    <message id="set_aside.detail">
        <source>Only this till can use it, also without a network. What is not used goes back by itself, at the latest at the end of the shift.</source>
        <translation>Only this till can use it, also without a network. What is not used goes back by itself, at the latest at the end of the shift.</translation>
    </message>
    <message id="set_aside.give_back">
        <source>Give back</source>
        <translation>Give back</translation>
    </message>
    <message id="set_aside.here">
        <source>Set aside here until {time}: {amount}, {what}</source>
        <translation>Set aside here until {time}: {amount}, {what}</translation>
    </message>
    <message id="set_aside.none">
        <source>Nothing is set aside</source>
        <translation>Nothing is set aside</translation>
    </message>
    <message id="set_aside.none.detail">
        <source>A member can scan the code at the right with a phone.</source>
        <translation>A member can scan the code at the right with a phone.</translation>
    </message>
    <message id="set_aside.of_card">
        <source>card</source>
        <translation>card</translation>
    </message>
    <message id="set_aside.origin.hq">
        <source>by head office</source>
        <translation>by head office</translation>
    </message>
    <message id="set_aside.origin.lease">
        <source>for a regular</source>
        <translation>for a regular</translation>
    </message>
    <message id="set_aside.origin.member">
        <source>by the member</source>
        <translation>by the member</translation>
    </message>
    <message id="set_aside.origin.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="set_aside.state.closing">
        <source>Given back, to be sent</source>
        <translation>Given back, to be sent</translation>
    </message>
    <message id="set_aside.state.expired">
        <source>Ended</source>
        <translation>Ended</translation>
    </message>
    <message id="set_aside.state.open">
        <source>Open</source>
        <translation>Open</translation>
    </message>
    <message id="set_aside.state.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="set_aside.state.recalled">
        <source>Called back</source>
        <translation>Called back</translation>
    </message>
    <message id="set_aside.title">
        <source>Set aside for this till</source>
        <translation>Set aside for this till</translation>
    </message>
    <message id="set_aside.until">
        <source>until {time}</source>
        <translation>until {time}</translation>
    </message>
    <message id="set_aside.who">
        <source>Member not known here</source>
        <translation>Member not known here</translation>
    </message>
    <message id="settings.about">
        <source>This till</source>
        <translation>This till</translation>
    </message>
    <message id="settings.bundle">
        <source>Write a file for support</source>
        <translation>Write a file for support</translation>
    </message>
    <message id="settings.bundle.detail">
        <source>Log, crash reports and checks of this till; no customer&apos;s data.</source>
        <translation>Log, crash reports and checks of this till; no customer&apos;s data.</translation>
    </message>
    <message id="settings.bundle.done">
        <source>Send this file to support</source>
        <translation>Send this file to support</translation>
    </message>
    <message id="settings.camera">
        <source>Camera</source>
        <translation>Camera</translation>
    </message>
    <message id="settings.camera.detail">
        <source>You can also drop a picture of a code on the window.</source>
        <translation>You can also drop a picture of a code on the window.</translation>
    </message>
    <message id="settings.customer">
        <source>Customer display</source>
        <translation>Customer display</translation>
    </message>
    <message id="settings.customer.off">
        <source>Off</source>
        <translation>Off</translation>
    </message>
    <message id="settings.customer.window">
        <source>In a window</source>
        <translation>In a window</translation>
    </message>
    <message id="settings.language">
        <source>Language</source>
        <translation>Language</translation>
    </message>
    <message id="settings.lock">
        <source>Locks by itself after</source>
        <translation>Locks by itself after</translation>
    </message>
    <message id="settings.lock.after">
        <source>{n} min</source>
        <translation>{n} min</translation>
    </message>
    <message id="settings.lock.never">
        <source>Off</source>
        <translation>Off</translation>
    </message>
    <message id="settings.support">
        <source>Support</source>
        <translation>Support</translation>
    </message>
    <message id="settings.theme">
        <source>Appearance</source>
        <translation>Appearance</translation>
    </message>
    <message id="settings.theme.dark">
        <source>Dark</source>
        <translation>Dark</translation>
    </message>
    <message id="settings.theme.light">
        <source>Light</source>
        <translation>Light</translation>
    </message>
    <message id="sheet.back">
        <source>Back</source>
        <translation>Back</translation>
    </message>
    <message id="sheet.ending">
        <source>Enter after each code</source>
        <translation>Enter after each code</translation>
    </message>
    <message id="sheet.intro">
        <source>Find the make of your scanner below. Cover the other codes with your hand while you scan one.</source>
        <translation>Find the make of your scanner below. Cover the other codes with your hand while you scan one.</translation>
    </message>
    <message id="sheet.keyboard">
        <source>Works as a USB keyboard</source>
        <translation>Works as a USB keyboard</translation>
    </message>
    <message id="sheet.layout">
        <source>US keyboard</source>
        <translation>US keyboard</translation>
    </message>
    <message id="sheet.not_printed">
        <source>The sheet was not printed. Printer: {why}</source>
        <translation>The sheet was not printed. Printer: {why}</translation>
    </message>
    <message id="sheet.not_printed.next">
        <source>Scan the codes from this screen, or print when the printer is ready.</source>
        <translation>Scan the codes from this screen, or print when the printer is ready.</translation>
    </message>
    <message id="sheet.once">
        <source>Scan each code once, from top to bottom; the scanner beeps each time.</source>
        <translation>Scan each code once, from top to bottom; the scanner beeps each time.</translation>
    </message>
    <message id="sheet.others">
        <source>Zebra, Newland, others</source>
        <translation>Zebra, Newland, others</translation>
    </message>
    <message id="sheet.others.detail">
        <source>Take the maker&apos;s quick guide and scan its codes for: USB keyboard (HID), US keyboard, Enter (CR) after the code.</source>
        <translation>Take the maker&apos;s quick guide and scan its codes for: USB keyboard (HID), US keyboard, Enter (CR) after the code.</translation>
    </message>
    <message id="sheet.others.prefix">
        <source>Then set the prefix %% (hex 25 25).</source>
        <translation>Then set the prefix %% (hex 25 25).</translation>
    </message>
    <message id="sheet.prefix">
        <source>%% before each code</source>
        <translation>%% before each code</translation>
    </message>
    <message id="sheet.print">
        <source>Print the sheet</source>
        <translation>Print the sheet</translation>
    </message>
    <message id="sheet.printed">
        <source>The sheet is printed</source>
        <translation>The sheet is printed</translation>
    </message>
    <message id="sheet.show">
        <source>Set-up sheet</source>
        <translation>Set-up sheet</translation>
    </message>
    <message id="sheet.title">
        <source>Scanner set-up</source>
        <translation>Scanner set-up</translation>
    </message>
    <message id="sheet.try">
        <source>Try it</source>
        <translation>Try it</translation>
    </message>
    <message id="sheet.try.1">
        <source>Code like ours</source>
        <translation>Code like ours</translation>
    </message>
    <message id="sheet.try.2">
        <source>Code of others</source>
        <translation>Code of others</translation>
    </message>
    <message id="sheet.try.detail">
        <source>At the till: More, Scanners. Scan both codes; the screen says what arrived and what to do.</source>
        <translation>At the till: More, Scanners. Scan both codes; the screen says what arrived and what to do.</translation>
    </message>
    <message id="sheet.unknown">
        <source>Nobody knows whether the sheet came out</source>
        <translation>Nobody knows whether the sheet came out</translation>
    </message>
    <message id="sheet.unknown.next">
        <source>Look at the printer, and print it again if it is missing.</source>
        <translation>Look at the printer, and print it again if it is missing.</translation>
    </message>
    <message id="shift.blind">
        <source>Sums are not shown</source>
        <translation>Sums are not shown</translation>
    </message>
    <message id="shift.blind.detail">
        <source>You count blind when you close. A colleague who may settle cash differences sees the sums.</source>
        <translation>You count blind when you close. A colleague who may settle cash differences sees the sums.</translation>
    </message>
    <message id="shift.close">
        <source>Close the shift</source>
        <translation>Close the shift</translation>
    </message>
    <message id="shift.closed">
        <source>No shift</source>
        <translation>No shift</translation>
    </message>
    <message id="shift.closed.spoken">
        <source>No shift is open</source>
        <translation>No shift is open</translation>
    </message>
    <message id="shift.drawer">
        <source>Drawer</source>
        <translation>Drawer</translation>
    </message>
    <message id="shift.open">
        <source>Shift open</source>
        <translation>Shift open</translation>
    </message>
    <message id="shift.open.spoken">
        <source>The shift is open</source>
        <translation>The shift is open</translation>
    </message>
    <message id="shift.opened">
        <source>Opened by {name}, {moment}</source>
        <translation>Opened by {name}, {moment}</translation>
    </message>
    <message id="shift.shut">
        <source>This till is revoked: no money is moved</source>
        <translation>This till is revoked: no money is moved</translation>
    </message>
    <message id="shift.shut.detail">
        <source>The shift can still be counted and closed; head office gets the report.</source>
        <translation>The shift can still be counted and closed; head office gets the report.</translation>
    </message>
    <message id="shift.title">
        <source>Shift</source>
        <translation>Shift</translation>
    </message>
    <message id="shift.x">
        <source>X report</source>
        <translation>X report</translation>
    </message>
    <message id="shift.x.card_charged">
        <source>Paid from card balance</source>
        <translation>Paid from card balance</translation>
    </message>
    <message id="shift.x.card_charges">
        <source>Card balance payments</source>
        <translation>Card balance payments</translation>
    </message>
    <message id="shift.x.detail">
        <source>The shift&apos;s sums so far; it closes nothing.</source>
        <translation>The shift&apos;s sums so far; it closes nothing.</translation>
    </message>
    <message id="shift.x.expected">
        <source>Expected · {tender}</source>
        <translation>Expected · {tender}</translation>
    </message>
    <message id="shift.x.float">
        <source>Float</source>
        <translation>Float</translation>
    </message>
    <message id="shift.x.given_back">
        <source>Given back · {tender}</source>
        <translation>Given back · {tender}</translation>
    </message>
    <message id="shift.x.no_sales">
        <source>Drawer openings</source>
        <translation>Drawer openings</translation>
    </message>
    <message id="shift.x.orders">
        <source>Sales</source>
        <translation>Sales</translation>
    </message>
    <message id="shift.x.pass_sales">
        <source>Passes sold</source>
        <translation>Passes sold</translation>
    </message>
    <message id="shift.x.redemptions">
        <source>Redemptions</source>
        <translation>Redemptions</translation>
    </message>
    <message id="shift.x.refunds">
        <source>Refunds</source>
        <translation>Refunds</translation>
    </message>
    <message id="shift.x.reprints">
        <source>Reprints</source>
        <translation>Reprints</translation>
    </message>
    <message id="shift.x.taken">
        <source>Taken · {tender}</source>
        <translation>Taken · {tender}</translation>
    </message>
    <message id="shift.x.top_ups">
        <source>Top-ups</source>
        <translation>Top-ups</translation>
    </message>
    <message id="shift.x.uses">
        <source>Uses redeemed</source>
        <translation>Uses redeemed</translation>
    </message>
    <message id="shut.detail">
        <source>This till is revoked</source>
        <translation>This till is revoked</translation>
    </message>
    <message id="shut.paid.detail">
        <source>Only if the customer has paid: head office decides about it. If not, empty the basket and take nothing.</source>
        <translation>Only if the customer has paid: head office decides about it. If not, empty the basket and take nothing.</translation>
    </message>
    <message id="shut.paid.title">
        <source>Already paid? Record it</source>
        <translation>Already paid? Record it</translation>
    </message>
    <message id="shut.redeem.detail">
        <source>Give back what was paid and empty the basket.</source>
        <translation>Give back what was paid and empty the basket.</translation>
    </message>
    <message id="shut.redeem.title">
        <source>Uses cannot be taken off any more</source>
        <translation>Uses cannot be taken off any more</translation>
    </message>
    <message id="shut.title">
        <source>No new sales</source>
        <translation>No new sales</translation>
    </message>
    <message id="sign_in.busy">
        <source>Checking…</source>
        <translation>Checking…</translation>
    </message>
    <message id="sign_in.loading">
        <source>Fetching data from head office</source>
        <translation>Fetching data from head office</translation>
    </message>
    <message id="sign_in.loading.detail">
        <source>You can sign in as soon as the staff list has arrived.</source>
        <translation>You can sign in as soon as the staff list has arrived.</translation>
    </message>
    <message id="sign_in.pin">
        <source>PIN</source>
        <translation>PIN</translation>
    </message>
    <message id="sign_in.submit">
        <source>Sign in</source>
        <translation>Sign in</translation>
    </message>
    <message id="sign_in.title">
        <source>Enter your PIN</source>
        <translation>Enter your PIN</translation>
    </message>
    <message id="sign_in.training">
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message id="slip.copy">
        <source>Reprint {n}</source>
        <translation>Reprint {n}</translation>
    </message>
    <message id="slip.kind.CARD_CHARGE_SLIP">
        <source>Card payment ticket</source>
        <translation>Card payment ticket</translation>
    </message>
    <message id="slip.kind.CASH_MOVEMENT_SLIP">
        <source>Cash movement slip</source>
        <translation>Cash movement slip</translation>
    </message>
    <message id="slip.kind.PASS_REDEMPTION_SLIP">
        <source>Redemption slip</source>
        <translation>Redemption slip</translation>
    </message>
    <message id="slip.kind.PASS_SALE_SLIP">
        <source>Pass sale slip</source>
        <translation>Pass sale slip</translation>
    </message>
    <message id="slip.kind.REFUND_SLIP">
        <source>Refund slip</source>
        <translation>Refund slip</translation>
    </message>
    <message id="slip.kind.SALES_TICKET">
        <source>Sales ticket</source>
        <translation>Sales ticket</translation>
    </message>
    <message id="slip.kind.SALE_REFUND_SLIP">
        <source>Refund slip of a sale</source>
        <translation>Refund slip of a sale</translation>
    </message>
    <message id="slip.kind.TOPUP_SLIP">
        <source>Top-up slip</source>
        <translation>Top-up slip</translation>
    </message>
    <message id="slip.kind.Z_REPORT">
        <source>Z report</source>
        <translation>Z report</translation>
    </message>
    <message id="slip.kind.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="slip.state.copy_ordered">
        <source>Copy ordered</source>
        <translation>Copy ordered</translation>
    </message>
    <message id="slip.state.handed_over">
        <source>Handed over</source>
        <translation>Handed over</translation>
    </message>
    <message id="slip.state.not_printed">
        <source>Not printed</source>
        <translation>Not printed</translation>
    </message>
    <message id="slip.state.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="slip.state.printed">
        <source>Printed</source>
        <translation>Printed</translation>
    </message>
    <message id="slip.state.queued">
        <source>Waiting</source>
        <translation>Waiting</translation>
    </message>
    <message id="slip.state.sending">
        <source>Printing</source>
        <translation>Printing</translation>
    </message>
    <message id="slip.state.unknown">
        <source>Unsure</source>
        <translation>Unsure</translation>
    </message>
    <message id="slip.unknown.ask">
        <source>Printing was cut off. Look at the printer: is the paper there?</source>
        <translation>Printing was cut off. Look at the printer: is the paper there?</translation>
    </message>
    <message id="slip.unknown.no">
        <source>No, print a copy</source>
        <translation>No, print a copy</translation>
    </message>
    <message id="slip.unknown.yes">
        <source>Yes, it is complete</source>
        <translation>Yes, it is complete</translation>
    </message>
    <message id="slip.waits">
        <source>It comes out when the printer is back.</source>
        <translation>It comes out when the printer is back.</translation>
    </message>
    <message id="slips.none">
        <source>No slips yet</source>
        <translation>No slips yet</translation>
    </message>
    <message id="slips.reprint_last">
        <source>Reprint last (F9)</source>
        <translation>Reprint last (F9)</translation>
    </message>
    <message id="slips.title">
        <source>Latest slips</source>
        <translation>Latest slips</translation>
    </message>
    <message id="span.days" numerus="yes">
        <source>{n} days</source>
        <translation>
            <numerusform>{n} day</numerusform>
            <numerusform>{n} days</numerusform>
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
        <translation>Offline: redeem with the member&apos;s offline code, up to a limit. Sales go on as usual.</translation>
    </message>
    <message id="spending.frozen">
        <source>Offline and the clock is unproven: redeeming needs a manager. Sales go on as usual.</source>
        <translation>Offline and the clock is unproven: redeeming needs a manager. Sales go on as usual.</translation>
    </message>
    <message id="spending.none">
        <source>Offline: no redemptions. Sales go on as usual.</source>
        <translation>Offline: no redemptions. Sales go on as usual.</translation>
    </message>
    <message id="spending.online">
        <source>Redemptions are confirmed online.</source>
        <translation>Redemptions are confirmed online.</translation>
    </message>
    <message id="spending.other">
        <source>Offline ({code}).</source>
        <translation>Offline ({code}).</translation>
    </message>
    <message id="spending.reserved">
        <source>Offline: {amount} set aside here until {time}. Redeem as usual.</source>
        <translation>Offline: {amount} set aside here until {time}. Redeem as usual.</translation>
    </message>
    <message id="spending.reserved.frozen">
        <source>The clock is unproven: a manager must approve.</source>
        <translation>The clock is unproven: a manager must approve.</translation>
    </message>
    <message id="split.add">
        <source>Add a payment</source>
        <translation>Add a payment</translation>
    </message>
    <message id="split.amount">
        <source>Amount</source>
        <translation>Amount</translation>
    </message>
    <message id="split.card">
        <source>The card&apos;s balance pays alone</source>
        <translation>The card&apos;s balance pays alone</translation>
    </message>
    <message id="split.card.detail">
        <source>Undo the parts taken first, or take the rest another way.</source>
        <translation>Undo the parts taken first, or take the rest another way.</translation>
    </message>
    <message id="split.excess">
        <source>Too much</source>
        <translation>Too much</translation>
    </message>
    <message id="split.excess.amount">
        <source>{amount} too much: undo a part</source>
        <translation>{amount} too much: undo a part</translation>
    </message>
    <message id="split.hint">
        <source>An amount, then how it is paid. No amount: all that is left.</source>
        <translation>An amount, then how it is paid. No amount: all that is left.</translation>
    </message>
    <message id="split.left">
        <source>Left to pay</source>
        <translation>Left to pay</translation>
    </message>
    <message id="split.paid">
        <source>Paid in full</source>
        <translation>Paid in full</translation>
    </message>
    <message id="split.single">
        <source>One tender instead</source>
        <translation>One tender instead</translation>
    </message>
    <message id="split.title">
        <source>Split payment</source>
        <translation>Split payment</translation>
    </message>
    <message id="split.undo">
        <source>Undo {tender} {amount}</source>
        <translation>Undo {tender} {amount}</translation>
    </message>
    <message id="starting.detail">
        <source>Opening this till&apos;s journal…</source>
        <translation>Opening this till&apos;s journal…</translation>
    </message>
    <message id="starting.retry">
        <source>Try again</source>
        <translation>Try again</translation>
    </message>
    <message id="starting.title">
        <source>Starting</source>
        <translation>Starting</translation>
    </message>
    <message id="tab.pass">
        <source>On pass</source>
        <translation>On pass</translation>
    </message>
    <message id="tender.alipay">
        <source>Alipay</source>
        <translation>Alipay</translation>
    </message>
    <message id="tender.bank_card">
        <source>Card</source>
        <translation>Card</translation>
    </message>
    <message id="tender.bizum">
        <source>Bizum</source>
        <translation>Bizum</translation>
    </message>
    <message id="tender.card">
        <source>Card balance (F6)</source>
        <translation>Card balance (F6)</translation>
    </message>
    <message id="tender.card.spoken">
        <source>Pay from the card&apos;s balance: scan the member&apos;s code</source>
        <translation>Pay from the card&apos;s balance: scan the member&apos;s code</translation>
    </message>
    <message id="tender.cash">
        <source>Cash</source>
        <translation>Cash</translation>
    </message>
    <message id="tender.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="tender.platform">
        <source>Platform</source>
        <translation>Platform</translation>
    </message>
    <message id="tender.split">
        <source>Split</source>
        <translation>Split</translation>
    </message>
    <message id="tender.split.spoken">
        <source>Pay with several tenders</source>
        <translation>Pay with several tenders</translation>
    </message>
    <message id="tender.wechat">
        <source>WeChat</source>
        <translation>WeChat</translation>
    </message>
    <message id="tile.covered">
        <source>Covered</source>
        <translation>Covered</translation>
    </message>
    <message id="till_code.detail">
        <source>No network here? A member with a phone scans it, sets uses or money aside for this till, and shows you the code that appears.</source>
        <translation>No network here? A member with a phone scans it, sets uses or money aside for this till, and shows you the code that appears.</translation>
    </message>
    <message id="till_code.none">
        <source>There is none in training: no phone would find a server.</source>
        <translation>There is none in training: no phone would find a server.</translation>
    </message>
    <message id="till_code.not_printed">
        <source>It was not printed</source>
        <translation>It was not printed</translation>
    </message>
    <message id="till_code.page">
        <source>Our network is down. Your pass still works.</source>
        <translation>Our network is down. Your pass still works.</translation>
    </message>
    <message id="till_code.print">
        <source>Print for the counter</source>
        <translation>Print for the counter</translation>
    </message>
    <message id="till_code.printed">
        <source>Printed.</source>
        <translation>Printed.</translation>
    </message>
    <message id="till_code.spoken">
        <source>QR code of this till</source>
        <translation>QR code of this till</translation>
    </message>
    <message id="till_code.step.1">
        <source>Scan the code with your phone.</source>
        <translation>Scan the code with your phone.</translation>
    </message>
    <message id="till_code.step.2">
        <source>Choose what to set aside for this till.</source>
        <translation>Choose what to set aside for this till.</translation>
    </message>
    <message id="till_code.step.3">
        <source>Show the code that appears.</source>
        <translation>Show the code that appears.</translation>
    </message>
    <message id="till_code.title">
        <source>This till&apos;s code</source>
        <translation>This till&apos;s code</translation>
    </message>
    <message id="till_code.typed">
        <source>Or type this on the member page:</source>
        <translation>Or type this on the member page:</translation>
    </message>
    <message id="top_up.amount">
        <source>Other amount</source>
        <translation>Other amount</translation>
    </message>
    <message id="top_up.asked">
        <source>Company card {card} · asked by {name}</source>
        <translation>Company card {card} · asked by {name}</translation>
    </message>
    <message id="top_up.bonus">
        <source>Bonus</source>
        <translation>Bonus</translation>
    </message>
    <message id="top_up.brings">
        <source>+{amount}</source>
        <translation>+{amount}</translation>
    </message>
    <message id="top_up.change">
        <source>For: {card}. Choose another card</source>
        <translation>For: {card}. Choose another card</translation>
    </message>
    <message id="top_up.credit">
        <source>Credit</source>
        <translation>Credit</translation>
    </message>
    <message id="top_up.lost">
        <source>The company chosen is gone</source>
        <translation>The company chosen is gone</translation>
    </message>
    <message id="top_up.lost.detail">
        <source>This member does not administer it any more, or its card has ended. Choose again; nothing was topped up.</source>
        <translation>This member does not administer it any more, or its card has ended. Choose again; nothing was topped up.</translation>
    </message>
    <message id="top_up.member">
        <source>Scan the member first</source>
        <translation>Scan the member first</translation>
    </message>
    <message id="top_up.member.detail">
        <source>The credit goes to the member&apos;s card.</source>
        <translation>The credit goes to the member&apos;s card.</translation>
    </message>
    <message id="top_up.no_bonus">
        <source>none</source>
        <translation>none</translation>
    </message>
    <message id="top_up.offline">
        <source>Topping up works offline</source>
        <translation>Topping up works offline</translation>
    </message>
    <message id="top_up.offline.detail">
        <source>The credit comes with the sync; the slip says so.</source>
        <translation>The credit comes with the sync; the slip says so.</translation>
    </message>
    <message id="top_up.order">
        <source>Top-up</source>
        <translation>Top-up</translation>
    </message>
    <message id="top_up.other_currency">
        <source>{currency} is not taken here</source>
        <translation>{currency} is not taken here</translation>
    </message>
    <message id="top_up.own">
        <source>Own card</source>
        <translation>Own card</translation>
    </message>
    <message id="top_up.paid">
        <source>Top-up</source>
        <translation>Top-up</translation>
    </message>
    <message id="top_up.prompt">
        <source>Choose an amount</source>
        <translation>Choose an amount</translation>
    </message>
    <message id="top_up.prompt.detail">
        <source>Bonus and credit will show here.</source>
        <translation>Bonus and credit will show here.</translation>
    </message>
    <message id="top_up.title">
        <source>Amount</source>
        <translation>Amount</translation>
    </message>
    <message id="top_up.which">
        <source>Which card?</source>
        <translation>Which card?</translation>
    </message>
    <message id="training.anew">
        <source>Start again</source>
        <translation>Start again</translation>
    </message>
    <message id="training.anew.detail">
        <source>The practice stays as it is when you leave. Emptied, it is as on the first day: no shift, no sales, cards as at the start.</source>
        <translation>The practice stays as it is when you leave. Emptied, it is as on the first day: no shift, no sales, cards as at the start.</translation>
    </message>
    <message id="training.bar">
        <source>TRAINING</source>
        <translation>TRAINING</translation>
    </message>
    <message id="training.bar.detail">
        <source>Nothing is sold, booked or sent</source>
        <translation>Nothing is sold, booked or sent</translation>
    </message>
    <message id="training.begin">
        <source>Begin training</source>
        <translation>Begin training</translation>
    </message>
    <message id="training.leave">
        <source>Leave training</source>
        <translation>Leave training</translation>
    </message>
    <message id="training.people">
        <source>Members to practise with</source>
        <translation>Members to practise with</translation>
    </message>
    <message id="training.people.detail">
        <source>A tap is a scan of their code. By phone they are found by the last four digits.</source>
        <translation>A tap is a scan of their code. By phone they are found by the last four digits.</translation>
    </message>
    <message id="training.person">
        <source>Phone …{phone} · {uses}</source>
        <translation>Phone …{phone} · {uses}</translation>
    </message>
    <message id="training.person.pin">
        <source>{person} · PIN {pin}</source>
        <translation>{person} · PIN {pin}</translation>
    </message>
    <message id="training.pins">
        <source>PIN {cashier}: cashier. PIN {manager}: manager.</source>
        <translation>PIN {cashier}: cashier. PIN {manager}: manager.</translation>
    </message>
    <message id="training.point.kept">
        <source>This till waits, locked, as it is</source>
        <translation>This till waits, locked, as it is</translation>
    </message>
    <message id="training.point.kept.detail">
        <source>Shift, basket and held baskets stay. What still has to be sent or printed goes on.</source>
        <translation>Shift, basket and held baskets stay. What still has to be sent or printed goes on.</translation>
    </message>
    <message id="training.point.leave">
        <source>Leave at any time</source>
        <translation>Leave at any time</translation>
    </message>
    <message id="training.point.leave.detail">
        <source>The orange bar has the button. Then sign in with your own PIN.</source>
        <translation>The orange bar has the button. Then sign in with your own PIN.</translation>
    </message>
    <message id="training.point.people">
        <source>Your catalogue, made-up members</source>
        <translation>Your catalogue, made-up members</translation>
    </message>
    <message id="training.point.people.detail">
        <source>Sell, redeem, top up, charge, refund and close a shift. Nothing of it is sold, booked or sent.</source>
        <translation>Sell, redeem, top up, charge, refund and close a shift. Nothing of it is sold, booked or sent.</translation>
    </message>
    <message id="training.point.slips">
        <source>Slips are marked and worth nothing</source>
        <translation>Slips are marked and worth nothing</translation>
    </message>
    <message id="training.point.slips.detail">
        <source>Numbers of their own, no check code. The drawer stays shut.</source>
        <translation>Numbers of their own, no check code. The drawer stays shut.</translation>
    </message>
    <message id="training.reset">
        <source>Empty the practice</source>
        <translation>Empty the practice</translation>
    </message>
    <message id="training.reset.sure">
        <source>Yes, empty it now</source>
        <translation>Yes, empty it now</translation>
    </message>
    <message id="training.staff">
        <source>Staff to practise as</source>
        <translation>Staff to practise as</translation>
    </message>
    <message id="training.staff.detail">
        <source>What a cashier may not do alone, the manager approves by PIN.</source>
        <translation>What a cashier may not do alone, the manager approves by PIN.</translation>
    </message>
    <message id="trial.caps_lock">
        <source>Capitals and small letters are swapped</source>
        <translation>Capitals and small letters are swapped</translation>
    </message>
    <message id="trial.caps_lock.next">
        <source>Switch Caps Lock off on the keyboard, then scan again.</source>
        <translation>Switch Caps Lock off on the keyboard, then scan again.</translation>
    </message>
    <message id="trial.closing">
        <source>The digits above reach both edges when the paper width is right. This is no receipt.</source>
        <translation>The digits above reach both edges when the paper width is right. This is no receipt.</translation>
    </message>
    <message id="trial.count">
        <source>{got} of {of}</source>
        <translation>{got} of {of}</translation>
    </message>
    <message id="trial.cut">
        <source>Characters were lost</source>
        <translation>Characters were lost</translation>
    </message>
    <message id="trial.cut.next">
        <source>Hold the scanner closer and scan again. If it stays so, use another cable or USB port.</source>
        <translation>Hold the scanner closer and scan again. If it stays so, use another cable or USB port.</translation>
    </message>
    <message id="trial.detail">
        <source>Scan a code from this screen or from the sheet. Nothing is sold or looked up here.</source>
        <translation>Scan a code from this screen or from the sheet. Nothing is sold or looked up here.</translation>
    </message>
    <message id="trial.ending.enter">
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message id="trial.ending.none">
        <source>None</source>
        <translation>None</translation>
    </message>
    <message id="trial.ending.tab">
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message id="trial.extra">
        <source>Complete, with something added</source>
        <translation>Complete, with something added</translation>
    </message>
    <message id="trial.extra.next">
        <source>Remove prefix, suffix and code identifier from the scanner with its guide.</source>
        <translation>Remove prefix, suffix and code identifier from the scanner with its guide.</translation>
    </message>
    <message id="trial.fact.changed">
        <source>Changed</source>
        <translation>Changed</translation>
    </message>
    <message id="trial.fact.count">
        <source>Characters</source>
        <translation>Characters</translation>
    </message>
    <message id="trial.fact.ending">
        <source>Ending key</source>
        <translation>Ending key</translation>
    </message>
    <message id="trial.fact.extra">
        <source>Added characters</source>
        <translation>Added characters</translation>
    </message>
    <message id="trial.fact.source">
        <source>Read by</source>
        <translation>Read by</translation>
    </message>
    <message id="trial.fact.speed">
        <source>Speed</source>
        <translation>Speed</translation>
    </message>
    <message id="trial.fact.text">
        <source>Arrived</source>
        <translation>Arrived</translation>
    </message>
    <message id="trial.good">
        <source>Complete and unchanged</source>
        <translation>Complete and unchanged</translation>
    </message>
    <message id="trial.good.next">
        <source>This scanner is ready for work.</source>
        <translation>This scanner is ready for work.</translation>
    </message>
    <message id="trial.heading">
        <source>Try a scanner</source>
        <translation>Try a scanner</translation>
    </message>
    <message id="trial.layout_de">
        <source>Read through a German keyboard</source>
        <translation>Read through a German keyboard</translation>
    </message>
    <message id="trial.layout_de.next">
        <source>Set the scanner to a German keyboard with its guide, or this computer to Spanish or English.</source>
        <translation>Set the scanner to a German keyboard with its guide, or this computer to Spanish or English.</translation>
    </message>
    <message id="trial.layout_es">
        <source>Read through a Spanish keyboard</source>
        <translation>Read through a Spanish keyboard</translation>
    </message>
    <message id="trial.layout_es.next">
        <source>Our codes arrive unchanged. For other codes, set the scanner to a Spanish keyboard with its guide.</source>
        <translation>Our codes arrive unchanged. For other codes, set the scanner to a Spanish keyboard with its guide.</translation>
    </message>
    <message id="trial.layout_fr">
        <source>Read through a French keyboard</source>
        <translation>Read through a French keyboard</translation>
    </message>
    <message id="trial.layout_fr.next">
        <source>Set the scanner to a French keyboard with its guide, or this computer to Spanish or English.</source>
        <translation>Set the scanner to a French keyboard with its guide, or this computer to Spanish or English.</translation>
    </message>
    <message id="trial.layout_other">
        <source>Some characters were changed</source>
        <translation>Some characters were changed</translation>
    </message>
    <message id="trial.layout_other.next">
        <source>Set the scanner to this computer&apos;s keyboard language with its guide.</source>
        <translation>Set the scanner to this computer&apos;s keyboard language with its guide.</translation>
    </message>
    <message id="trial.no_ending">
        <source>Complete, but no Enter came after it</source>
        <translation>Complete, but no Enter came after it</translation>
    </message>
    <message id="trial.no_ending.next">
        <source>It works; with Enter it is quicker and safer. The sheet has the code for it.</source>
        <translation>It works; with Enter it is quicker and safer. The sheet has the code for it.</translation>
    </message>
    <message id="trial.no_prefix">
        <source>Complete, but without the prefix</source>
        <translation>Complete, but without the prefix</translation>
    </message>
    <message id="trial.no_prefix.next">
        <source>Scan the prefix code on the sheet, or choose “Nothing” at the left.</source>
        <translation>Scan the prefix code on the sheet, or choose “Nothing” at the left.</translation>
    </message>
    <message id="trial.other_code">
        <source>Another code was read</source>
        <translation>Another code was read</translation>
    </message>
    <message id="trial.other_code.next">
        <source>Scan one of the two test codes above.</source>
        <translation>Scan one of the two test codes above.</translation>
    </message>
    <message id="trial.printer">
        <source>Printer</source>
        <translation>Printer</translation>
    </message>
    <message id="trial.slow">
        <source>Complete, but typed slowly</source>
        <translation>Complete, but typed slowly</translation>
    </message>
    <message id="trial.slow.next">
        <source>Set the delay between keys to none with its guide, or use the prefix: then speed does not matter.</source>
        <translation>Set the delay between keys to none with its guide, or use the prefix: then speed does not matter.</translation>
    </message>
    <message id="trial.source.camera">
        <source>Camera</source>
        <translation>Camera</translation>
    </message>
    <message id="trial.source.picture">
        <source>Picture file</source>
        <translation>Picture file</translation>
    </message>
    <message id="trial.source.serial">
        <source>Serial scanner</source>
        <translation>Serial scanner</translation>
    </message>
    <message id="trial.source.wedge">
        <source>Keyboard scanner</source>
        <translation>Keyboard scanner</translation>
    </message>
    <message id="trial.speed">
        <source>{n} ms per key</source>
        <translation>{n} ms per key</translation>
    </message>
    <message id="trial.time">
        <source>Time</source>
        <translation>Time</translation>
    </message>
    <message id="trial.title">
        <source>TEST PAGE</source>
        <translation>TEST PAGE</translation>
    </message>
    <message id="trial.waiting">
        <source>Waiting for a scan</source>
        <translation>Waiting for a scan</translation>
    </message>
    <message id="trial.waiting.detail">
        <source>You will see here what arrived, and what to do if something is wrong.</source>
        <translation>You will see here what arrived, and what to do if something is wrong.</translation>
    </message>
    <message id="trouble.already_running">
        <source>The till is running already</source>
        <translation>The till is running already</translation>
    </message>
    <message id="trouble.already_running.next">
        <source>Use the other window, or close it first.</source>
        <translation>Use the other window, or close it first.</translation>
    </message>
    <message id="trouble.data_dir_unwritable">
        <source>The data folder cannot be written</source>
        <translation>The data folder cannot be written</translation>
    </message>
    <message id="trouble.data_dir_unwritable.next">
        <source>Check its permissions: {path}</source>
        <translation>Check its permissions: {path}</translation>
    </message>
    <message id="trouble.disk_full">
        <source>The disk is full</source>
        <translation>The disk is full</translation>
    </message>
    <message id="trouble.disk_full.next">
        <source>Free some space and try again.</source>
        <translation>Free some space and try again.</translation>
    </message>
    <message id="trouble.journal_damaged">
        <source>The journal file is damaged</source>
        <translation>The journal file is damaged</translation>
    </message>
    <message id="trouble.journal_damaged.next">
        <source>Nothing was changed; delete nothing. Stop using this till, copy the whole data folder and call head office: {path}</source>
        <translation>Nothing was changed; delete nothing. Stop using this till, copy the whole data folder and call head office: {path}</translation>
    </message>
    <message id="trouble.journal_emptied">
        <source>The journal is gone or empty</source>
        <translation>The journal is gone or empty</translation>
    </message>
    <message id="trouble.journal_emptied.next">
        <source>This till has recorded here. If the file was moved, put it back as it was; otherwise stop using this till and call head office: {path}</source>
        <translation>This till has recorded here. If the file was moved, put it back as it was; otherwise stop using this till and call head office: {path}</translation>
    </message>
    <message id="trouble.journal_garbled">
        <source>A value in the journal is damaged</source>
        <translation>A value in the journal is damaged</translation>
    </message>
    <message id="trouble.journal_garbled.next">
        <source>Nothing was changed; delete nothing. Stop using this till, copy the whole data folder and call head office. Value: {key}</source>
        <translation>Nothing was changed; delete nothing. Stop using this till, copy the whole data folder and call head office. Value: {key}</translation>
    </message>
    <message id="trouble.journal_log_damaged">
        <source>The newest records of the journal are damaged</source>
        <translation>The newest records of the journal are damaged</translation>
    </message>
    <message id="trouble.journal_log_damaged.next">
        <source>Nothing was changed; delete nothing. Stop using this till, copy the whole data folder and call head office: {path}</source>
        <translation>Nothing was changed; delete nothing. Stop using this till, copy the whole data folder and call head office: {path}</translation>
    </message>
    <message id="trouble.journal_missing">
        <source>There is no journal here</source>
        <translation>There is no journal here</translation>
    </message>
    <message id="trouble.journal_missing.next">
        <source>Check the data folder: {path}</source>
        <translation>Check the data folder: {path}</translation>
    </message>
    <message id="trouble.journal_newer">
        <source>A newer version wrote this journal</source>
        <translation>A newer version wrote this journal</translation>
    </message>
    <message id="trouble.journal_newer.next">
        <source>Install the newer version; the journal is left as it is.</source>
        <translation>Install the newer version; the journal is left as it is.</translation>
    </message>
    <message id="trouble.journal_of_training">
        <source>This folder holds a till&apos;s training data, not a till.</source>
        <translation>This folder holds a till&apos;s training data, not a till.</translation>
    </message>
    <message id="trouble.journal_of_training.next">
        <source>Start the till with its own data folder.</source>
        <translation>Start the till with its own data folder.</translation>
    </message>
    <message id="trouble.journal_older">
        <source>An older version wrote this journal</source>
        <translation>An older version wrote this journal</translation>
    </message>
    <message id="trouble.journal_older.next">
        <source>Nothing was changed. Start the till once; it upgrades the journal.</source>
        <translation>Nothing was changed. Start the till once; it upgrades the journal.</translation>
    </message>
    <message id="trouble.journal_unavailable">
        <source>The journal cannot be opened</source>
        <translation>The journal cannot be opened</translation>
    </message>
    <message id="trouble.journal_unavailable.next">
        <source>Try again, or call head office ({reason}).</source>
        <translation>Try again, or call head office ({reason}).</translation>
    </message>
    <message id="trouble.key_missing">
        <source>This till&apos;s key is missing</source>
        <translation>This till&apos;s key is missing</translation>
    </message>
    <message id="trouble.key_missing.next">
        <source>Nothing is lost. Call head office to restore it.</source>
        <translation>Nothing is lost. Call head office to restore it.</translation>
    </message>
    <message id="trouble.other">
        <source>Fault ({code})</source>
        <translation>Fault ({code})</translation>
    </message>
    <message id="trouble.other.next">
        <source>Try again; if it stays, tell head office this code.</source>
        <translation>Try again; if it stays, tell head office this code.</translation>
    </message>
    <message id="trouble.server_nonsense">
        <source>That address is not a till server</source>
        <translation>That address is not a till server</translation>
    </message>
    <message id="trouble.server_nonsense.next">
        <source>Check the address.</source>
        <translation>Check the address.</translation>
    </message>
    <message id="trouble.server_unreachable">
        <source>The server does not answer</source>
        <translation>The server does not answer</translation>
    </message>
    <message id="trouble.server_unreachable.certificate">
        <source>This server&apos;s certificate does not hold</source>
        <translation>This server&apos;s certificate does not hold</translation>
    </message>
    <message id="trouble.server_unreachable.certificate.next">
        <source>Do not go on: somebody may stand in between. Check date and address, and ask head office.</source>
        <translation>Do not go on: somebody may stand in between. Check date and address, and ask head office.</translation>
    </message>
    <message id="trouble.server_unreachable.next">
        <source>Check network and address.</source>
        <translation>Check network and address.</translation>
    </message>
    <message id="trouble.server_unreachable.other">
        <source>Something else answers at this address</source>
        <translation>Something else answers at this address</translation>
    </message>
    <message id="trouble.server_unreachable.other.next">
        <source>Ask head office for the address of the server.</source>
        <translation>Ask head office for the address of the server.</translation>
    </message>
    <message id="trouble.server_unreachable.tls">
        <source>No secure connection to this server</source>
        <translation>No secure connection to this server</translation>
    </message>
    <message id="trouble.server_unreachable.tls.next">
        <source>It does not speak https. Only inside the shop&apos;s own network an address may begin with http://</source>
        <translation>It does not speak https. Only inside the shop&apos;s own network an address may begin with http://</translation>
    </message>
    <message id="untouched.charge">
        <source>Nothing was charged or sold.</source>
        <translation>Nothing was charged or sold.</translation>
    </message>
    <message id="untouched.close">
        <source>The shift is still open.</source>
        <translation>The shift is still open.</translation>
    </message>
    <message id="untouched.create_member">
        <source>No member was created.</source>
        <translation>No member was created.</translation>
    </message>
    <message id="untouched.move">
        <source>Nothing was recorded.</source>
        <translation>Nothing was recorded.</translation>
    </message>
    <message id="untouched.redeem">
        <source>No use was taken, nothing was charged.</source>
        <translation>No use was taken, nothing was charged.</translation>
    </message>
    <message id="untouched.refund">
        <source>Nothing was refunded.</source>
        <translation>Nothing was refunded.</translation>
    </message>
    <message id="untouched.reprint">
        <source>Nothing was printed.</source>
        <translation>Nothing was printed.</translation>
    </message>
    <message id="untouched.sell">
        <source>Nothing was charged.</source>
        <translation>Nothing was charged.</translation>
    </message>
    <message id="untouched.sell_pass">
        <source>Nothing was sold or charged.</source>
        <translation>Nothing was sold or charged.</translation>
    </message>
    <message id="untouched.top_up">
        <source>Nothing was topped up or taken.</source>
        <translation>Nothing was topped up or taken.</translation>
    </message>
    <message id="uses" numerus="yes">
        <source>{n} uses</source>
        <translation>
            <numerusform>{n} use</numerusform>
            <numerusform>{n} uses</numerusform>
        </translation>
    </message>
</context>
</TS>
