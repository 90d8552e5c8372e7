<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name></name>
    <message id="about.currency">
        <source>Currency</source>
        <translation>币种</translation>
    </message>
    <message id="about.store">
        <source>Store</source>
        <translation>门店</translation>
    </message>
    <message id="about.terminal">
        <source>Terminal</source>
        <translation>收银机</translation>
    </message>
    <message id="about.version">
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message id="about.zone">
        <source>Time zone</source>
        <translation>时区</translation>
    </message>
    <message id="action.cash">
        <source>Change the amount</source>
        <translation>改实收金额</translation>
    </message>
    <message id="action.create_member">
        <source>Create a member</source>
        <translation>新建会员</translation>
    </message>
    <message id="action.lock">
        <source>Sign in</source>
        <translation>去登录</translation>
    </message>
    <message id="action.open_shift">
        <source>Open a shift</source>
        <translation>去开班</translation>
    </message>
    <message id="action.orders">
        <source>Reprint in Orders</source>
        <translation>到订单里补打</translation>
    </message>
    <message id="action.outbox">
        <source>See the slips</source>
        <translation>查看小票</translation>
    </message>
    <message id="action.phone">
        <source>Use the phone number</source>
        <translation>输手机号</translation>
    </message>
    <message id="action.refresh">
        <source>Refresh</source>
        <translation>刷新</translation>
    </message>
    <message id="action.refund">
        <source>See the refund</source>
        <translation>看退款</translation>
    </message>
    <message id="action.scan">
        <source>Scan again</source>
        <translation>重新扫码</translation>
    </message>
    <message id="action.sell_pass">
        <source>Sell a pass</source>
        <translation>售卡</translation>
    </message>
    <message id="action.set_aside">
        <source>Show this till&apos;s code</source>
        <translation>显示本机码</translation>
    </message>
    <message id="action.tender">
        <source>Another tender</source>
        <translation>换付款方式</translation>
    </message>
    <message id="add_on.free">
        <source>free</source>
        <translation>免费</translation>
    </message>
    <message id="add_ons.for">
        <source>Add-ons · {name}</source>
        <translation>加料 · {name}</translation>
    </message>
    <message id="altered.detail">
        <source>Keep selling: sales are recorded and handed in as usual. Redemptions without a network are off. Head office is told; call them.</source>
        <translation>请继续销售，销售照常记录并上交。不能离线核销。系统会报告总部，请联系总部。</translation>
    </message>
    <message id="altered.title">
        <source>This till&apos;s records were changed, or are not those that head office has</source>
        <translation>本机记录被改动，或与总部的记录不一致</translation>
    </message>
    <message id="approval.back">
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message id="approval.submit">
        <source>Approve</source>
        <translation>同意</translation>
    </message>
    <message id="approval.title">
        <source>A manager&apos;s PIN, please</source>
        <translation>请有权限的同事输入 PIN</translation>
    </message>
    <message id="camera.folder">
        <source>Picture folder</source>
        <translation>图片文件夹</translation>
    </message>
    <message id="camera.none">
        <source>No camera</source>
        <translation>不用摄像头</translation>
    </message>
    <message id="camera.number">
        <source>Camera {n}</source>
        <translation>摄像头 {n}</translation>
    </message>
    <message id="camera.spoken">
        <source>Camera picture</source>
        <translation>摄像头画面</translation>
    </message>
    <message id="card.after">
        <source>Balance after</source>
        <translation>扣后余额</translation>
    </message>
    <message id="card.aside">
        <source>Now a code pays</source>
        <translation>现在扫码是付款</translation>
    </message>
    <message id="card.aside.detail">
        <source>The next code scanned pays this order.</source>
        <translation>下一个扫到的码用来付这一单。</translation>
    </message>
    <message id="card.ask">
        <source>Ask for the member&apos;s code</source>
        <translation>请出示会员动态码</translation>
    </message>
    <message id="card.ask.detail">
        <source>Hold it to the camera, use the scanner, or paste it below. It is valid for 15 minutes, once.</source>
        <translation>对准摄像头，用扫码枪扫，或粘贴到下面。动态码 15 分钟内有效，只能用一次。</translation>
    </message>
    <message id="card.back">
        <source>Another tender</source>
        <translation>改用其他方式</translation>
    </message>
    <message id="card.balance">
        <source>Balance now</source>
        <translation>现有余额</translation>
    </message>
    <message id="card.code">
        <source>Member code</source>
        <translation>会员动态码</translation>
    </message>
    <message id="card.discount">
        <source>Discount · {rate}</source>
        <translation>会员折扣 · {rate}</translation>
    </message>
    <message id="card.discount.asked">
        <source>by head office</source>
        <translation>由总部确定</translation>
    </message>
    <message id="card.discount.none">
        <source>Discount</source>
        <translation>会员折扣</translation>
    </message>
    <message id="card.enter">
        <source>Enter</source>
        <translation>确定</translation>
    </message>
    <message id="card.from_set_aside">
        <source>Paid from what is set aside here; no network needed.</source>
        <translation>从本机预留中支付，不需要网络。</translation>
    </message>
    <message id="card.instead">
        <source>The free balance is too small; money is set aside here</source>
        <translation>可用余额不足，本机有预留</translation>
    </message>
    <message id="card.instead.detail">
        <source>Nothing was charged. Confirm to take it from what is set aside.</source>
        <translation>没有扣款。再次确认即从预留中支付。</translation>
    </message>
    <message id="card.new_total">
        <source>Head office&apos;s total: {amount}</source>
        <translation>总部价格：{amount}</translation>
    </message>
    <message id="card.new_total.detail">
        <source>Price {before}. Nothing was charged yet; confirm again.</source>
        <translation>原价 {before}。尚未扣款，请再确认一次。</translation>
    </message>
    <message id="card.other">
        <source>Another card</source>
        <translation>换一张卡</translation>
    </message>
    <message id="card.placeholder">
        <source>Code (20 characters)</source>
        <translation>动态码（20 位）</translation>
    </message>
    <message id="card.points">
        <source>Points</source>
        <translation>本次积分</translation>
    </message>
    <message id="card.raw">
        <source>Price</source>
        <translation>原价</translation>
    </message>
    <message id="card.set_aside">
        <source>Set aside here</source>
        <translation>本机预留</translation>
    </message>
    <message id="card.short">
        <source>The balance may not be enough</source>
        <translation>已知余额可能不够</translation>
    </message>
    <message id="card.short.detail">
        <source>Head office decides; if it is too little, nothing is charged.</source>
        <translation>以总部余额为准；不够时不会扣款。</translation>
    </message>
    <message id="card.title">
        <source>Pay by card balance</source>
        <translation>会员余额付款</translation>
    </message>
    <message id="card.total">
        <source>To charge</source>
        <translation>实扣</translation>
    </message>
    <message id="card.unknown">
        <source>Company card, or a new member</source>
        <translation>企业卡或新会员卡</translation>
    </message>
    <message id="card.unknown.detail">
        <source>This till does not know the card</source>
        <translation>本机没有这张卡的资料</translation>
    </message>
    <message id="card.unknown.price">
        <source>Its price is asked first</source>
        <translation>先向总部询价</translation>
    </message>
    <message id="card.unknown.price.detail">
        <source>If the card has a discount, the new total is shown and confirmed again before anything is charged.</source>
        <translation>如有折扣，会先显示新金额，再确认一次才扣款。</translation>
    </message>
    <message id="cart.clear">
        <source>Empty basket</source>
        <translation>清空本单</translation>
    </message>
    <message id="cart.due">
        <source>Due</source>
        <translation>应收</translation>
    </message>
    <message id="cart.empty">
        <source>Nothing here yet</source>
        <translation>还没有商品</translation>
    </message>
    <message id="cart.empty.detail">
        <source>Tap a product to add it</source>
        <translation>点中间的商品加入本单</translation>
    </message>
    <message id="cart.hold">
        <source>Hold basket (F10)</source>
        <translation>暂存本单 (F10)</translation>
    </message>
    <message id="cart.title">
        <source>Basket</source>
        <translation>本单</translation>
    </message>
    <message id="cart.uses">
        <source>Pass</source>
        <translation>次卡抵扣</translation>
    </message>
    <message id="cart.uses.none">
        <source>{left} left</source>
        <translation>剩 {left}</translation>
    </message>
    <message id="cart.uses.value">
        <source>−{used} ({left} left)</source>
        <translation>−{used} 次（剩 {left}）</translation>
    </message>
    <message id="cart.zero">
        <source>Nothing to pay: just confirm</source>
        <translation>0 元核销，无需选择支付方式</translation>
    </message>
    <message id="carts.back">
        <source>The basket is still here</source>
        <translation>之前的购物车还在</translation>
    </message>
    <message id="carts.back.detail">
        <source>It was not paid when the program ended. Check it with the customer.</source>
        <translation>程序上次关闭时还没有付款。请与顾客核对。</translation>
    </message>
    <message id="carts.recorded">
        <source>Recorded last: {what}</source>
        <translation>上一笔已记账：{what}</translation>
    </message>
    <message id="carts.recorded.detail">
        <source>It was recorded before the program ended. Do not do it again; its paper is under Orders.</source>
        <translation>程序结束前已记账，请勿重复操作；单据在“订单”中。</translation>
    </message>
    <message id="cash.change">
        <source>Change</source>
        <translation>找零</translation>
    </message>
    <message id="cash.done">
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message id="cash.exact">
        <source>Exact</source>
        <translation>刚好</translation>
    </message>
    <message id="cash.excess">
        <source>{amount} change: check the amount</source>
        <translation>需找零 {amount}：请核对金额</translation>
    </message>
    <message id="cash.line">
        <source>Received {received} · Change {change}</source>
        <translation>实收 {received} · 找零 {change}</translation>
    </message>
    <message id="cash.received">
        <source>Received</source>
        <translation>实收</translation>
    </message>
    <message id="cash.rest">
        <source>The rest with another tender</source>
        <translation>余款用其他方式付</translation>
    </message>
    <message id="cash.short">
        <source>{amount} short</source>
        <translation>还差 {amount}</translation>
    </message>
    <message id="cash.title">
        <source>Cash</source>
        <translation>现金收款</translation>
    </message>
    <message id="centre.buy">
        <source>Buy</source>
        <translation>购买</translation>
    </message>
    <message id="centre.member.detail">
        <source>Then the member&apos;s passes are here.</source>
        <translation>识别后在此选择会员的次卡。</translation>
    </message>
    <message id="centre.redeem">
        <source>Redeem</source>
        <translation>核销</translation>
    </message>
    <message id="centre.redeem.detail">
        <source>The checkout opens with the pass chosen.</source>
        <translation>随后在收银台选择要核销的商品。</translation>
    </message>
    <message id="centre.redeem.prompt">
        <source>Choose a pass</source>
        <translation>选择次卡</translation>
    </message>
    <message id="check.again">
        <source>Check again</source>
        <translation>重新检查</translation>
    </message>
    <message id="check.busy">
        <source>Checking…</source>
        <translation>检查中…</translation>
    </message>
    <message id="check.catalogue">
        <source>Products and staff</source>
        <translation>商品与员工</translation>
    </message>
    <message id="check.clock">
        <source>This till&apos;s clock was {span} off; it goes by the server&apos;s from now on.</source>
        <translation>本机时钟相差 {span}，此后以服务器时间为准。</translation>
    </message>
    <message id="check.code.arrived">
        <source>Arrived: {what}</source>
        <translation>收到：{what}</translation>
    </message>
    <message id="check.code.bad">
        <source>Not read</source>
        <translation>未读出</translation>
    </message>
    <message id="check.code.foreign">
        <source>{text}</source>
        <translation>{text}</translation>
    </message>
    <message id="check.code.good">
        <source>Reads well</source>
        <translation>读取正常</translation>
    </message>
    <message id="check.code.none">
        <source>Waiting for a code</source>
        <translation>等待扫码</translation>
    </message>
    <message id="check.code.prompt">
        <source>Scan any code now, with the camera or a hand scanner.</source>
        <translation>现在扫任意一个码：摄像头或扫码枪均可。</translation>
    </message>
    <message id="check.code.short">
        <source>a member&apos;s code, {n} characters</source>
        <translation>会员码，{n} 个字符</translation>
    </message>
    <message id="check.code.slip">
        <source>a slip&apos;s code, {text}</source>
        <translation>小票码，{text}</translation>
    </message>
    <message id="check.code.snapshot">
        <source>a member&apos;s offline code, {n} characters</source>
        <translation>会员离线码，{n} 个字符</translation>
    </message>
    <message id="check.detail">
        <source>Everything is looked at by itself. You can sell at any time.</source>
        <translation>系统自动逐项检查，随时可以开始收银。</translation>
    </message>
    <message id="check.disk">
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message id="check.disk.full">
        <source>Full</source>
        <translation>已满</translation>
    </message>
    <message id="check.disk.full.detail">
        <source>Free some space now: without it no sale can be recorded.</source>
        <translation>请立即清理磁盘，否则无法记录销售。</translation>
    </message>
    <message id="check.disk.low">
        <source>Free some space soon: records of sales need room.</source>
        <translation>请尽快清理磁盘：销售记录需要空间。</translation>
    </message>
    <message id="check.go">
        <source>Start selling</source>
        <translation>开始收银</translation>
    </message>
    <message id="check.journal">
        <source>Records</source>
        <translation>本机记录</translation>
    </message>
    <message id="check.journal.bad">
        <source>Changed</source>
        <translation>被改动</translation>
    </message>
    <message id="check.journal.good">
        <source>Sound</source>
        <translation>完好</translation>
    </message>
    <message id="check.journal.read" numerus="yes">
        <source>Read through: {n} records.</source>
        <translation>
            <numerusform>已通读 {n} 条记录。</numerusform>
        </translation>
    </message>
    <message id="check.loaded">
        <source>Complete</source>
        <translation>齐全</translation>
    </message>
    <message id="check.loaded.detail">
        <source>Products: {products} · staff: {staff} · members: {members}</source>
        <translation>商品 {products} · 员工 {staff} · 会员 {members}</translation>
    </message>
    <message id="check.loading">
        <source>Loading</source>
        <translation>下载中</translation>
    </message>
    <message id="check.loading.detail" numerus="yes">
        <source>{n} records so far; it goes on by itself as long as the server answers.</source>
        <translation>
            <numerusform>已收到 {n} 条，服务器有应答时自动继续。</numerusform>
        </translation>
    </message>
    <message id="check.missing">
        <source>You can sell all the same</source>
        <translation>不影响收银</translation>
    </message>
    <message id="check.no_products">
        <source>Nothing on sale</source>
        <translation>没有在售商品</translation>
    </message>
    <message id="check.no_products.detail">
        <source>Head office has put nothing on sale in this store yet.</source>
        <translation>总部还没有为本店上架商品。</translation>
    </message>
    <message id="check.no_staff">
        <source>Nobody can sign in</source>
        <translation>无人可登录</translation>
    </message>
    <message id="check.no_staff.detail">
        <source>Head office has nobody for this store yet; ask them to add staff with a PIN.</source>
        <translation>总部还没有为本店添加员工，请联系总部添加并设置 PIN。</translation>
    </message>
    <message id="check.printer">
        <source>Printer</source>
        <translation>打印机</translation>
    </message>
    <message id="check.printer.good">
        <source>Slips come out at once.</source>
        <translation>小票即时打印。</translation>
    </message>
    <message id="check.scanner">
        <source>Scanner</source>
        <translation>扫码</translation>
    </message>
    <message id="check.server">
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message id="check.server.bad">
        <source>No answer</source>
        <translation>无应答</translation>
    </message>
    <message id="check.server.good">
        <source>Answers</source>
        <translation>有应答</translation>
    </message>
    <message id="check.server.quick">
        <source>Answered in {n} ms; the clocks agree.</source>
        <translation>{n} 毫秒应答，时钟一致。</translation>
    </message>
    <message id="check.size">
        <source>{n} GB free</source>
        <translation>剩余 {n} GB</translation>
    </message>
    <message id="check.title">
        <source>Check of this till</source>
        <translation>收银台自检</translation>
    </message>
    <message id="check.unknown">
        <source>Not known</source>
        <translation>未知</translation>
    </message>
    <message id="check.without.printer">
        <source>Without a printer slips wait in line.</source>
        <translation>没有打印机时小票排队等待。</translation>
    </message>
    <message id="check.without.scanner">
        <source>Without a camera use a hand scanner or the phone number.</source>
        <translation>没有摄像头时用扫码枪或手机号。</translation>
    </message>
    <message id="check.without.server">
        <source>Without the server sales are recorded here and sent later.</source>
        <translation>没有服务器时销售先记在本机，稍后发送。</translation>
    </message>
    <message id="check.without.staff">
        <source>Nobody can sign in until the staff list is here.</source>
        <translation>员工名单到达之前无法登录。</translation>
    </message>
    <message id="chip.held">
        <source>{n} held</source>
        <translation>总部待处理 {n}</translation>
    </message>
    <message id="chip.held.spoken">
        <source>{n} records wait for a person at head office</source>
        <translation>{n} 条记录等待总部人工处理</translation>
    </message>
    <message id="chip.held_and_pending">
        <source>{held} held · {n} to send</source>
        <translation>总部待处理 {held} · 待同步 {n}</translation>
    </message>
    <message id="chip.held_and_pending.spoken">
        <source>{held} records wait for a person at head office, {n} wait to be sent, the oldest for {age}</source>
        <translation>{held} 条记录等待总部人工处理，{n} 条等待同步，最早的已等 {age}</translation>
    </message>
    <message id="chip.offline">
        <source>Offline {span}</source>
        <translation>离线 {span}</translation>
    </message>
    <message id="chip.offline.spoken">
        <source>Offline for {span}. {rule}</source>
        <translation>离线 {span}。{rule}</translation>
    </message>
    <message id="chip.online">
        <source>Online</source>
        <translation>在线</translation>
    </message>
    <message id="chip.online.spoken">
        <source>Connected to the head office server</source>
        <translation>已连接总部服务器</translation>
    </message>
    <message id="chip.paused">
        <source>Sync paused</source>
        <translation>同步暂停</translation>
    </message>
    <message id="chip.pending">
        <source>{n} to send · {age}</source>
        <translation>待同步 {n} · {age}</translation>
    </message>
    <message id="chip.pending.spoken">
        <source>{n} records wait to be sent, the oldest for {age}</source>
        <translation>{n} 条记录等待同步，最早的已等 {age}</translation>
    </message>
    <message id="chip.printer">
        <source>Printer: {state}</source>
        <translation>打印机：{state}</translation>
    </message>
    <message id="chip.refused">
        <source>Not accepted</source>
        <translation>总部不接受</translation>
    </message>
    <message id="chip.refused.spoken">
        <source>The head office server does not accept this till. {why}</source>
        <translation>总部服务器不接受本机。{why}</translation>
    </message>
    <message id="chip.scanner">
        <source>Scanner: {state}</source>
        <translation>扫码：{state}</translation>
    </message>
    <message id="chip.synced">
        <source>Synced</source>
        <translation>已同步</translation>
    </message>
    <message id="chip.synced.spoken">
        <source>Head office has every record</source>
        <translation>全部记录已送达总部</translation>
    </message>
    <message id="confirm.busy">
        <source>Recording…</source>
        <translation>正在记账…</translation>
    </message>
    <message id="confirm.charge">
        <source>Charge {amount} to the card</source>
        <translation>扣余额 {amount}</translation>
    </message>
    <message id="confirm.charge.busy">
        <source>Asking head office…</source>
        <translation>正在请求总部…</translation>
    </message>
    <message id="confirm.charge.empty">
        <source>Scan the card code</source>
        <translation>请扫会员动态码</translation>
    </message>
    <message id="confirm.record">
        <source>Record {amount} received</source>
        <translation>已收 {amount}，记账</translation>
    </message>
    <message id="confirm.redeem" numerus="yes">
        <source>Redeem {n} uses</source>
        <translation>
            <numerusform>确认核销 {n} 次</numerusform>
        </translation>
    </message>
    <message id="confirm.redeem.empty">
        <source>Choose a product</source>
        <translation>请选商品</translation>
    </message>
    <message id="confirm.redeem.paid">
        <source>Take {amount}, redeem {n}</source>
        <translation>收 {amount}，核销 {n} 次</translation>
    </message>
    <message id="confirm.refund">
        <source>Refund {amount}</source>
        <translation>退款 {amount}</translation>
    </message>
    <message id="confirm.refund.amount">
        <source>Enter an amount</source>
        <translation>请输入金额</translation>
    </message>
    <message id="confirm.refund.amount.wrong">
        <source>Check the amount</source>
        <translation>请检查金额</translation>
    </message>
    <message id="confirm.refund.busy">
        <source>Asking head office…</source>
        <translation>正在请求总部…</translation>
    </message>
    <message id="confirm.refund.empty">
        <source>Choose a transaction</source>
        <translation>请选择一笔交易</translation>
    </message>
    <message id="confirm.refund.lines">
        <source>Choose what comes back</source>
        <translation>请选择要退的商品</translation>
    </message>
    <message id="confirm.refund.offline">
        <source>Wait for the network</source>
        <translation>请等网络恢复</translation>
    </message>
    <message id="confirm.refund.reason">
        <source>Choose a reason</source>
        <translation>请选择原因</translation>
    </message>
    <message id="confirm.refund.refused">
        <source>Cannot be refunded</source>
        <translation>不能退款</translation>
    </message>
    <message id="confirm.refund.waits">
        <source>Wait for the answer</source>
        <translation>请等总部答复</translation>
    </message>
    <message id="confirm.sell">
        <source>Take {amount}</source>
        <translation>收款 {amount}</translation>
    </message>
    <message id="confirm.sell.empty">
        <source>Choose a product</source>
        <translation>请选商品</translation>
    </message>
    <message id="confirm.sell_pass">
        <source>Take {amount}</source>
        <translation>收款 {amount}，售卡</translation>
    </message>
    <message id="confirm.sell_pass.empty">
        <source>Choose a pass</source>
        <translation>请选次卡</translation>
    </message>
    <message id="confirm.top_up">
        <source>Top up {amount}</source>
        <translation>充值 {amount}</translation>
    </message>
    <message id="confirm.top_up.empty">
        <source>Choose an amount</source>
        <translation>请选择金额</translation>
    </message>
    <message id="confirm.top_up.member">
        <source>Scan the member</source>
        <translation>请先扫会员码</translation>
    </message>
    <message id="count.again">
        <source>Count again</source>
        <translation>再点一次</translation>
    </message>
    <message id="count.agrees">
        <source>Agrees</source>
        <translation>一致</translation>
    </message>
    <message id="count.back">
        <source>Back to the shift</source>
        <translation>返回班次</translation>
    </message>
    <message id="count.busy">
        <source>Closing…</source>
        <translation>正在交班…</translation>
    </message>
    <message id="count.close">
        <source>Close the shift</source>
        <translation>确认交班</translation>
    </message>
    <message id="count.close.difference">
        <source>Close with the difference</source>
        <translation>按差额交班</translation>
    </message>
    <message id="count.detail">
        <source>Count what is there of each tender; 0 for none. What is expected is not shown.</source>
        <translation>逐项清点实际金额；没有就填 0。应有金额不会显示。</translation>
    </message>
    <message id="count.detail.again">
        <source>Count it again. If the amount changes, the report shows your first count beside it.</source>
        <translation>请重新清点。金额若有变化，报表会同时列出首次清点的金额。</translation>
    </message>
    <message id="count.difference">
        <source>{tender}: {words}</source>
        <translation>{tender}{words}</translation>
    </message>
    <message id="count.differences">
        <source>{n} tenders differ</source>
        <translation>{n} 项有差额</translation>
    </message>
    <message id="count.differs">
        <source>It differs from what was recorded. Count again, or say why.</source>
        <translation>与记录不一致。请再点一次，或说明原因。</translation>
    </message>
    <message id="count.field">
        <source>{tender}, amount counted</source>
        <translation>{tender}，实点金额</translation>
    </message>
    <message id="count.next">
        <source>Next: {tender}</source>
        <translation>下一项：{tender}</translation>
    </message>
    <message id="count.over">
        <source>{amount} over</source>
        <translation>多 {amount}</translation>
    </message>
    <message id="count.placeholder">
        <source>Not counted</source>
        <translation>未清点</translation>
    </message>
    <message id="count.reason.change_error">
        <source>Wrong change given</source>
        <translation>找零有误</translation>
    </message>
    <message id="count.reason.float_wrong">
        <source>Float was wrong</source>
        <translation>备用金有误</translation>
    </message>
    <message id="count.reason.miscounted">
        <source>Counting error</source>
        <translation>点钞有误</translation>
    </message>
    <message id="count.reason.other">
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message id="count.reason.unexplained">
        <source>Unexplained</source>
        <translation>原因不明</translation>
    </message>
    <message id="count.short">
        <source>{amount} short</source>
        <translation>少 {amount}</translation>
    </message>
    <message id="count.title">
        <source>Count and close the shift</source>
        <translation>交班清点</translation>
    </message>
    <message id="count.unfinished" numerus="yes">
        <source>{n} baskets are not finished</source>
        <translation>
            <numerusform>还有 {n} 单没有结账</numerusform>
        </translation>
    </message>
    <message id="count.unfinished.back">
        <source>Back to the counter</source>
        <translation>去结账</translation>
    </message>
    <message id="count.unfinished.detail">
        <source>Finish them first, or close all the same: they stay for the next shift.</source>
        <translation>可以先去结账；也可以照样交班，它们会留到下一班。</translation>
    </message>
    <message id="count.unsent" numerus="yes">
        <source>{n} records still to send</source>
        <translation>
            <numerusform>还有 {n} 条记录待同步</numerusform>
        </translation>
    </message>
    <message id="count.unsent.detail">
        <source>Closing works offline; they are sent by themselves.</source>
        <translation>离线也能交班，联网后自动发送。</translation>
    </message>
    <message id="count.why">
        <source>Why does it differ?</source>
        <translation>为什么不一致？</translation>
    </message>
    <message id="crash.close">
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message id="crash.detail">
        <source>Report {id}. You can go on; where something was being sold or given, look under Orders whether it was recorded.</source>
        <translation>报告号 {id}。可以继续；如果正在销售或核销，请在订单里确认是否已记录。</translation>
    </message>
    <message id="crash.title">
        <source>Something went wrong inside</source>
        <translation>程序内部出错</translation>
    </message>
    <message id="create.detail">
        <source>Phone and name are enough; they can buy and use a pass or top up at once.</source>
        <translation>填写手机号和姓名即可；马上可以买次卡、核销和充值。</translation>
    </message>
    <message id="create.done">
        <source>Member created</source>
        <translation>已新建会员</translation>
    </message>
    <message id="create.done.detail">
        <source>A pass or a top-up can be sold now.</source>
        <translation>现在可以卖次卡或充值。</translation>
    </message>
    <message id="create.known">
        <source>This phone is a member already</source>
        <translation>这个手机号已经是会员</translation>
    </message>
    <message id="create.known.detail">
        <source>The member who was there is open; no second one was made.</source>
        <translation>已打开原来的会员，没有重复新建。</translation>
    </message>
    <message id="create.language">
        <source>Language to contact them in</source>
        <translation>联系语言</translation>
    </message>
    <message id="create.leave">
        <source>Back to the counter</source>
        <translation>返回收银</translation>
    </message>
    <message id="create.name">
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message id="create.offline">
        <source>This works offline too</source>
        <translation>离线也能新建会员</translation>
    </message>
    <message id="create.offline.detail">
        <source>Head office hears of it later. Two entries with the same phone are merged automatically.</source>
        <translation>联网后总部会收到；同一手机号会自动合并。</translation>
    </message>
    <message id="create.phone">
        <source>Phone</source>
        <translation>手机号</translation>
    </message>
    <message id="create.phone.digits">
        <source>Digits of the phone</source>
        <translation>手机号数字</translation>
    </message>
    <message id="create.submit">
        <source>Create member</source>
        <translation>新建会员</translation>
    </message>
    <message id="create.title">
        <source>New member</source>
        <translation>新建会员</translation>
    </message>
    <message id="customer.balance">
        <source>Balance {amount}</source>
        <translation>余额 {amount}</translation>
    </message>
    <message id="customer.change">
        <source>Change {amount}</source>
        <translation>找零 {amount}</translation>
    </message>
    <message id="customer.due">
        <source>To pay</source>
        <translation>应付</translation>
    </message>
    <message id="customer.hello">
        <source>Welcome</source>
        <translation>欢迎光临</translation>
    </message>
    <message id="customer.hello.name">
        <source>Hello, {name}</source>
        <translation>{name}，您好</translation>
    </message>
    <message id="customer.left">
        <source>{left} left</source>
        <translation>还剩 {left}</translation>
    </message>
    <message id="customer.pickup">
        <source>Your number: {number}</source>
        <translation>取货号 {number}</translation>
    </message>
    <message id="customer.thanks">
        <source>Thank you!</source>
        <translation>谢谢惠顾</translation>
    </message>
    <message id="customer.topped_up">
        <source>Top-up: {amount}</source>
        <translation>充值 {amount}</translation>
    </message>
    <message id="customer.topped_up.company">
        <source>Top-up for {company}: {amount}</source>
        <translation>{company} 充值 {amount}</translation>
    </message>
    <message id="customer.training">
        <source>TRAINING – no real sale</source>
        <translation>培训模式 – 并非真实交易</translation>
    </message>
    <message id="customer.uses">
        <source>{used} used · {left} left</source>
        <translation>本次用 {used}，还剩 {left}</translation>
    </message>
    <message id="decision.other">
        <source>Decided ({code})</source>
        <translation>已处理（{code}）</translation>
    </message>
    <message id="decision.post">
        <source>Posted by head office</source>
        <translation>总部已入账</translation>
    </message>
    <message id="decision.post_to">
        <source>Posted to another account</source>
        <translation>已转入其他账户</translation>
    </message>
    <message id="decision.reject">
        <source>Rejected</source>
        <translation>总部已驳回</translation>
    </message>
    <message id="decision.write_off">
        <source>Booked as a loss</source>
        <translation>已记为损失</translation>
    </message>
    <message id="devices.printer">
        <source>Receipt printer</source>
        <translation>小票打印机</translation>
    </message>
    <message id="devices.risk">
        <source>Offline limit left</source>
        <translation>离线可消费额度</translation>
    </message>
    <message id="devices.risk_others">
        <source>Cards and tickets offline</source>
        <translation>离线用卡与门票</translation>
    </message>
    <message id="devices.scanner">
        <source>Scanner</source>
        <translation>扫码设备</translation>
    </message>
    <message id="devices.server">
        <source>Head office server</source>
        <translation>总部服务器</translation>
    </message>
    <message id="devices.set_aside">
        <source>Set aside here</source>
        <translation>本机预留</translation>
    </message>
    <message id="devices.title">
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message id="discount">
        <source>{n}% off</source>
        <translation>{n} 折</translation>
    </message>
    <message id="done.balance">
        <source>Balance</source>
        <translation>卡上余额</translation>
    </message>
    <message id="done.bonus">
        <source>Bonus</source>
        <translation>赠送</translation>
    </message>
    <message id="done.change">
        <source>Change</source>
        <translation>找零</translation>
    </message>
    <message id="done.charged">
        <source>{amount} charged</source>
        <translation>已扣余额 {amount}</translation>
    </message>
    <message id="done.credit">
        <source>Credited after sync</source>
        <translation>同步后到账</translation>
    </message>
    <message id="done.credit.detail">
        <source>It happens by itself once online; nobody has to wait.</source>
        <translation>本机联网后自动完成，顾客不用等。</translation>
    </message>
    <message id="done.credited">
        <source>Credit</source>
        <translation>到账</translation>
    </message>
    <message id="done.discount">
        <source>Discount</source>
        <translation>会员折扣</translation>
    </message>
    <message id="done.hand_out.now">
        <source>Hand out {amount} ({tender})</source>
        <translation>退给顾客 {amount}（{tender}）</translation>
    </message>
    <message id="done.kept">
        <source>Kept for spent bonus</source>
        <translation>扣回已花赠送</translation>
    </message>
    <message id="done.left">
        <source>Uses left</source>
        <translation>剩余次数</translation>
    </message>
    <message id="done.paid">
        <source>{amount} taken</source>
        <translation>已收款 {amount}</translation>
    </message>
    <message id="done.pass_sold" numerus="yes">
        <source>Pass sold: {n} uses</source>
        <translation>
            <numerusform>已售卡，加 {n} 次</numerusform>
        </translation>
    </message>
    <message id="done.pickup">
        <source>Pick-up</source>
        <translation>取货号</translation>
    </message>
    <message id="done.points">
        <source>Points</source>
        <translation>积分</translation>
    </message>
    <message id="done.points.value">
        <source>{change} (now {total})</source>
        <translation>{change}（共 {total}）</translation>
    </message>
    <message id="done.received">
        <source>Taken</source>
        <translation>收款</translation>
    </message>
    <message id="done.redeemed" numerus="yes">
        <source>{n} uses redeemed</source>
        <translation>
            <numerusform>已核销 {n} 次</numerusform>
        </translation>
    </message>
    <message id="done.refunded">
        <source>{amount} refunded</source>
        <translation>已退款 {amount}</translation>
    </message>
    <message id="done.refunded.of">
        <source>Refunded</source>
        <translation>退款金额</translation>
    </message>
    <message id="done.review">
        <source>Awaiting review</source>
        <translation>等待总部审核</translation>
    </message>
    <message id="done.review.detail">
        <source>It can be redeemed once head office approves it.</source>
        <translation>总部通过后，这张卡才能核销。</translation>
    </message>
    <message id="done.topped_up">
        <source>{amount} topped up</source>
        <translation>已充值 {amount}</translation>
    </message>
    <message id="done.uncollected">
        <source>Bonus not recovered</source>
        <translation>未能收回的赠送</translation>
    </message>
    <message id="ended.lock">
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message id="ended.next">
        <source>Open the next shift</source>
        <translation>开下一班</translation>
    </message>
    <message id="ended.number">
        <source>Z report {number}</source>
        <translation>Z 报表 {number}</translation>
    </message>
    <message id="ended.title">
        <source>Shift closed</source>
        <translation>已交班</translation>
    </message>
    <message id="ended.unsent" numerus="yes">
        <source>Sealed; {n} records still to send</source>
        <translation>
            <numerusform>班次已封存，{n} 条记录待同步</numerusform>
        </translation>
    </message>
    <message id="ended.unsent.detail">
        <source>They are sent by themselves once online; nobody has to wait.</source>
        <translation>联网后自动发送，不用等。</translation>
    </message>
    <message id="evidence.at_risk">
        <source>Offline · by the member&apos;s code, checked later</source>
        <translation>离线 · 凭会员离线码，联网后核对</translation>
    </message>
    <message id="evidence.online">
        <source>Confirmed online</source>
        <translation>在线确认</translation>
    </message>
    <message id="evidence.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="evidence.own_sale">
        <source>Offline · sold on this till</source>
        <translation>离线 · 本机售出的次数</translation>
    </message>
    <message id="evidence.reserved">
        <source>Set aside for this till</source>
        <translation>本机预留</translation>
    </message>
    <message id="expiry.date">
        <source>Until {date}</source>
        <translation>{date} 到期</translation>
    </message>
    <message id="expiry.days">
        <source>Expires in {n} days</source>
        <translation>{n} 天后到期</translation>
    </message>
    <message id="expiry.past">
        <source>Expired {date}</source>
        <translation>{date} 已过期</translation>
    </message>
    <message id="expiry.today">
        <source>Expires today</source>
        <translation>今天到期</translation>
    </message>
    <message id="expiry.tomorrow">
        <source>Expires tomorrow</source>
        <translation>明天到期</translation>
    </message>
    <message id="fact.CardCharged">
        <source>Paid by card balance</source>
        <translation>储值卡付款</translation>
    </message>
    <message id="fact.CashMoved">
        <source>Cash moved</source>
        <translation>现金进出</translation>
    </message>
    <message id="fact.MemberCreated">
        <source>Member created</source>
        <translation>新会员</translation>
    </message>
    <message id="fact.OrderPaid">
        <source>Sale paid</source>
        <translation>收款</translation>
    </message>
    <message id="fact.OrderRefunded">
        <source>Sale refunded</source>
        <translation>销售退款</translation>
    </message>
    <message id="fact.PassRedeemed">
        <source>Pass redeemed</source>
        <translation>次卡核销</translation>
    </message>
    <message id="fact.PassSold">
        <source>Pass sold</source>
        <translation>售卡</translation>
    </message>
    <message id="fact.Refunded">
        <source>Refunded</source>
        <translation>退款</translation>
    </message>
    <message id="fact.RequestAbandoned">
        <source>Request withdrawn</source>
        <translation>撤回在线请求</translation>
    </message>
    <message id="fact.ReservationClosed">
        <source>Set aside, given up</source>
        <translation>归还预留</translation>
    </message>
    <message id="fact.ShiftClosed">
        <source>Shift closed</source>
        <translation>交班</translation>
    </message>
    <message id="fact.ShiftOpened">
        <source>Shift opened</source>
        <translation>开班</translation>
    </message>
    <message id="fact.SlipReprinted">
        <source>Slip reprinted</source>
        <translation>补打小票</translation>
    </message>
    <message id="fact.ToppedUp">
        <source>Card topped up</source>
        <translation>储值卡充值</translation>
    </message>
    <message id="fact.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="forgotten.detail">
        <source>Nothing is lost; keep selling. Head office makes a new pairing code for this till; then close this window and type: pos-app pair CODE --server ADDRESS</source>
        <translation>记录不会丢失，请继续销售。请总部为本机生成新的配对码，然后关闭本窗口重新配对：pos-app pair 配对码 --server 地址</translation>
    </message>
    <message id="forgotten.title">
        <source>Head office does not know this till any more: nothing is handed in</source>
        <translation>总部已不认识本机，记录暂时无法上交</translation>
    </message>
    <message id="hand.again">
        <source>Look again</source>
        <translation>重新查找</translation>
    </message>
    <message id="hand.busy">
        <source>Another program or the printer is using {port}. It is taken as soon as it is free.</source>
        <translation>{port} 正被其他程序或打印机占用，空闲后会自动连接。</translation>
    </message>
    <message id="hand.denied">
        <source>This user may not open {port}. Ask whoever looks after the computer for access to serial ports.</source>
        <translation>当前用户无权打开 {port}，请找负责电脑的人开通串口权限。</translation>
    </message>
    <message id="hand.detail">
        <source>A scanner that types like a keyboard works at once. One on a serial port (USB-COM, RS-232) is chosen here.</source>
        <translation>键盘模式的扫码枪插上即可使用；串口（USB-COM、RS-232）扫码枪请在此选择。</translation>
    </message>
    <message id="hand.lost">
        <source>{port} does not answer. Plug the scanner in; it comes back by itself.</source>
        <translation>{port} 没有响应。请插好扫码枪，会自动恢复。</translation>
    </message>
    <message id="hand.no_ports">
        <source>No serial port found. Plug the scanner in, then look again.</source>
        <translation>没有找到串口。请插好扫码枪后重新查找。</translation>
    </message>
    <message id="hand.none">
        <source>No serial scanner</source>
        <translation>不用串口扫码枪</translation>
    </message>
    <message id="hand.prefix">
        <source>What the scanner types before each code</source>
        <translation>扫码枪在每个码前发送</translation>
    </message>
    <message id="hand.prefix.detail">
        <source>Choose {prefix} only for a scanner programmed so with the sheet: its codes then stay whole at any speed.</source>
        <translation>仅当扫码枪已用设置单设为发送 {prefix} 时选择：无论快慢，码都不会断开。</translation>
    </message>
    <message id="hand.prefix.none">
        <source>Nothing</source>
        <translation>不发送</translation>
    </message>
    <message id="hand.prefix.some">
        <source>{prefix} first</source>
        <translation>先发送 {prefix}</translation>
    </message>
    <message id="hand.ready">
        <source>{port} is ready: scan a code.</source>
        <translation>{port} 已就绪，请扫一个码。</translation>
    </message>
    <message id="hand.refused.not_text">
        <source>The scanner sent something that is not text</source>
        <translation>扫码枪发来的内容不是文字</translation>
    </message>
    <message id="hand.refused.not_text.next">
        <source>Nothing was done. Scan again; if it stays so, set the scanner to 9600 baud, 8N1 and UTF-8.</source>
        <translation>没有执行任何操作。请再扫一次；仍不行时，把扫码枪设为 9600 波特、8N1、UTF-8。</translation>
    </message>
    <message id="hand.refused.too_long">
        <source>The scanner sent more than a code can hold</source>
        <translation>扫码枪发来的内容超过一个码的长度</translation>
    </message>
    <message id="hand.refused.too_long.next">
        <source>Nothing was done. Scan one code at a time; if it stays so, set the scanner to send Enter after each code.</source>
        <translation>没有执行任何操作。请一次只扫一个码；仍不行时，把扫码枪设为每个码后发送回车。</translation>
    </message>
    <message id="hand.starting">
        <source>Opening {port}…</source>
        <translation>正在打开 {port}…</translation>
    </message>
    <message id="hand.title">
        <source>Hand scanner</source>
        <translation>扫码枪</translation>
    </message>
    <message id="held.chip">
        <source>{name} · {n}</source>
        <translation>{name} · {n} 件</translation>
    </message>
    <message id="held.detail">
        <source>Tap the button above to take it up again.</source>
        <translation>点上方按钮可取回。</translation>
    </message>
    <message id="held.nobody">
        <source>Walk-in</source>
        <translation>散客</translation>
    </message>
    <message id="held.reason.amount_unusual">
        <source>The amount is unusual</source>
        <translation>金额异常</translation>
    </message>
    <message id="held.reason.arithmetic_wrong">
        <source>The sums do not add up</source>
        <translation>金额或次数计算不符</translation>
    </message>
    <message id="held.reason.content_differs">
        <source>It differs from what was granted, or from what was first written</source>
        <translation>与批准的内容或最初的记录不符</translation>
    </message>
    <message id="held.reason.fact_unreadable">
        <source>It cannot be read</source>
        <translation>内容无法识别</translation>
    </message>
    <message id="held.reason.fork">
        <source>Two different histories of this till</source>
        <translation>收银机出现两份不同的记录</translation>
    </message>
    <message id="held.reason.internal">
        <source>Posting it failed</source>
        <translation>入账时出错</translation>
    </message>
    <message id="held.reason.member_data_missing">
        <source>The new member&apos;s data is missing</source>
        <translation>新会员的资料未送达</translation>
    </message>
    <message id="held.reason.newer_than_server">
        <source>Written by a newer program than the server&apos;s</source>
        <translation>由比服务器更新的程序写入</translation>
    </message>
    <message id="held.reason.not_admin">
        <source>Who asked does not administer the company card, or no longer does</source>
        <translation>经办人不是（或已不是）该企业卡的管理员</translation>
    </message>
    <message id="held.reason.offline_member_cap">
        <source>Over the member&apos;s offline cap</source>
        <translation>超过会员离线限额</translation>
    </message>
    <message id="held.reason.offline_operation_cap">
        <source>Over the offline cap of one operation</source>
        <translation>超过离线单笔限额</translation>
    </message>
    <message id="held.reason.offline_terminal_cap">
        <source>Over the till&apos;s offline cap</source>
        <translation>超过收银机离线限额</translation>
    </message>
    <message id="held.reason.original_lost">
        <source>What it refunds was lost by a restore</source>
        <translation>原交易在数据库恢复中丢失</translation>
    </message>
    <message id="held.reason.other">
        <source>A person at head office must look ({code})</source>
        <translation>总部需要人工处理（{code}）</translation>
    </message>
    <message id="held.reason.plan_differs">
        <source>It does not fit the pass plan</source>
        <translation>与次卡方案不符</translation>
    </message>
    <message id="held.reason.request_malformed">
        <source>It is not formed as it must be</source>
        <translation>格式不正确</translation>
    </message>
    <message id="held.reason.request_refused">
        <source>The request it cites was refused</source>
        <translation>所引用的请求已被拒绝</translation>
    </message>
    <message id="held.reason.request_settled">
        <source>The request it cites was settled otherwise</source>
        <translation>所引用的请求已有结果</translation>
    </message>
    <message id="held.reason.request_taken_back">
        <source>HQ has taken back what it was granted</source>
        <translation>总部已收回批准的内容</translation>
    </message>
    <message id="held.reason.request_unknown">
        <source>The request it cites is unknown</source>
        <translation>总部没有收到所引用的请求</translation>
    </message>
    <message id="held.reason.reservation_unknown">
        <source>The reservation is unknown</source>
        <translation>预留不存在</translation>
    </message>
    <message id="held.reason.slip_foreign">
        <source>A slip number of another till</source>
        <translation>小票号属于其他收银机</translation>
    </message>
    <message id="held.reason.slip_used">
        <source>A slip number was used before</source>
        <translation>小票号重复</translation>
    </message>
    <message id="held.reason.slips_wrong">
        <source>The slips do not fit what happened</source>
        <translation>小票与业务不符</translation>
    </message>
    <message id="held.reason.terminal_differs">
        <source>It belongs to another till</source>
        <translation>记录属于其他收银机</translation>
    </message>
    <message id="held.reason.terminal_forked">
        <source>Two histories of this till: no offline spending</source>
        <translation>收银机曾出现两份记录，离线额度已停用</translation>
    </message>
    <message id="held.reason.terminal_revoked">
        <source>The till was revoked</source>
        <translation>收银机已撤销</translation>
    </message>
    <message id="held.reason.uses_exhausted">
        <source>Not enough uses on the pass</source>
        <translation>次卡次数不足</translation>
    </message>
    <message id="held.reason.uses_per_day_exceeded">
        <source>More uses than the plan allows a day</source>
        <translation>超过每日次数上限</translation>
    </message>
    <message id="held.reason.uses_per_order_exceeded">
        <source>More uses than the plan allows an order</source>
        <translation>超过每单次数上限</translation>
    </message>
    <message id="held.reason.vat_wrong">
        <source>The VAT does not add up</source>
        <translation>税额不符</translation>
    </message>
    <message id="held.take_up">
        <source>Take up the held basket</source>
        <translation>取回暂存的单</translation>
    </message>
    <message id="held.title">
        <source>The open basket is on hold</source>
        <translation>原来的单已暂存</translation>
    </message>
    <message id="key.back">
        <source>Delete one digit</source>
        <translation>删除一位</translation>
    </message>
    <message id="key.enter">
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message id="level.0">
        <source>Member</source>
        <translation>普通会员</translation>
    </message>
    <message id="level.diamond">
        <source>Diamond</source>
        <translation>钻石会员</translation>
    </message>
    <message id="level.gold">
        <source>Gold</source>
        <translation>金卡会员</translation>
    </message>
    <message id="level.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="level.silver">
        <source>Silver</source>
        <translation>银卡会员</translation>
    </message>
    <message id="level.standard">
        <source>Member</source>
        <translation>普通会员</translation>
    </message>
    <message id="line.add_on">
        <source>{name} ×{n}</source>
        <translation>{name} ×{n}</translation>
    </message>
    <message id="line.less">
        <source>Less {name}</source>
        <translation>减少 {name}</translation>
    </message>
    <message id="line.more">
        <source>More {name}</source>
        <translation>增加 {name}</translation>
    </message>
    <message id="lock.soon">
        <source>Locks in {n} s: touch to stay</source>
        <translation>{n} 秒后锁定：轻触继续</translation>
    </message>
    <message id="member.balance">
        <source>Balance</source>
        <translation>钱包余额</translation>
    </message>
    <message id="member.by_code">
        <source>Member by code</source>
        <translation>出示预留码的会员</translation>
    </message>
    <message id="member.by_code.detail">
        <source>Not known at this till</source>
        <translation>本机没有其资料</translation>
    </message>
    <message id="member.change">
        <source>Another member</source>
        <translation>换人</translation>
    </message>
    <message id="member.empty">
        <source>Ask for the member&apos;s code</source>
        <translation>请会员出示会员码</translation>
    </message>
    <message id="member.empty.detail">
        <source>Hold it to the camera, or press F2 for the phone. Without a member, just tap a product.</source>
        <translation>对准摄像头，或按 F2 输手机号。直接点商品也可收款。</translation>
    </message>
    <message id="member.empty.detail.needed">
        <source>Hold it to the camera, or press F2 for the phone.</source>
        <translation>对准摄像头，或按 F2 输手机号。</translation>
    </message>
    <message id="member.points">
        <source>Points</source>
        <translation>积分</translation>
    </message>
    <message id="member.several">
        <source>{n} members: choose one</source>
        <translation>找到 {n} 位会员，请选择</translation>
    </message>
    <message id="member.sure">
        <source>Found without a code: make sure it is them</source>
        <translation>未扫会员码：请核对本人</translation>
    </message>
    <message id="member_pin.ask">
        <source>Customer types their PIN</source>
        <translation>请顾客输入密码</translation>
    </message>
    <message id="member_pin.code">
        <source>Or show the code on your phone instead.</source>
        <translation>也可以出示手机上的会员码。</translation>
    </message>
    <message id="member_pin.covered">
        <source>Found without a code; the balance shows after their PIN</source>
        <translation>未出示会员码，输入密码后显示余额</translation>
    </message>
    <message id="member_pin.forgotten">
        <source>PIN forgotten: ask a manager</source>
        <translation>忘记密码：请店长处理</translation>
    </message>
    <message id="member_pin.right">
        <source>PIN is right: it is them</source>
        <translation>密码正确，是本人</translation>
    </message>
    <message id="member_pin.submit">
        <source>Done</source>
        <translation>确定</translation>
    </message>
    <message id="member_pin.title">
        <source>Please type your PIN</source>
        <translation>请输入您的会员密码</translation>
    </message>
    <message id="member_pin.what">
        <source>Redeem {uses} of {pass_name} without the member&apos;s PIN: they forgot it</source>
        <translation>不输会员密码核销 {pass_name} {uses}：会员忘记密码</translation>
    </message>
    <message id="more.checks">
        <source>Server, printer, scanner, disk and records</source>
        <translation>服务器、打印机、扫码、磁盘和记录</translation>
    </message>
    <message id="more.outbox">
        <source>What has reached head office, printer and scanner</source>
        <translation>每一条记录是否已送达，打印机和扫码器</translation>
    </message>
    <message id="more.printer">
        <source>Find one, set paper and speed, print a test page</source>
        <translation>查找打印机，设置纸宽和速度，打印测试页</translation>
    </message>
    <message id="more.scanner">
        <source>Camera and hand scanners: choose, try, set up</source>
        <translation>摄像头与扫码枪：选择、测试、设置</translation>
    </message>
    <message id="more.set_aside">
        <source>What works here without a network</source>
        <translation>没有网络也能用的次数和余额</translation>
    </message>
    <message id="more.settings">
        <source>Language, look, lock and customer display</source>
        <translation>语言、外观、锁定与顾客屏</translation>
    </message>
    <message id="more.training">
        <source>Practise with made-up members; nothing is sold or sent</source>
        <translation>用虚构会员练习，不会真的销售或上传</translation>
    </message>
    <message id="move.amount">
        <source>Amount</source>
        <translation>金额</translation>
    </message>
    <message id="move.amount.missing">
        <source>Enter an amount</source>
        <translation>请输入金额</translation>
    </message>
    <message id="move.back">
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message id="move.done">
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message id="move.no_sale">
        <source>Open drawer</source>
        <translation>打开钱箱</translation>
    </message>
    <message id="move.no_sale.confirm">
        <source>Open the drawer</source>
        <translation>打开钱箱</translation>
    </message>
    <message id="move.no_sale.done">
        <source>Drawer opened and recorded</source>
        <translation>钱箱已打开，已记录</translation>
    </message>
    <message id="move.no_sale.hint">
        <source>Without a sale; it is recorded</source>
        <translation>不收钱也不付钱；会留下记录</translation>
    </message>
    <message id="move.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="move.paid_in">
        <source>Paid in</source>
        <translation>现金存入</translation>
    </message>
    <message id="move.paid_in.confirm">
        <source>Pay in {amount}</source>
        <translation>存入 {amount}</translation>
    </message>
    <message id="move.paid_in.done">
        <source>{amount} paid in</source>
        <translation>已存入 {amount}</translation>
    </message>
    <message id="move.paid_in.hint">
        <source>Money put into the drawer without a sale</source>
        <translation>把钱放进钱箱，不是销售</translation>
    </message>
    <message id="move.paid_out">
        <source>Paid out</source>
        <translation>现金支出</translation>
    </message>
    <message id="move.paid_out.confirm">
        <source>Pay out {amount}</source>
        <translation>支出 {amount}</translation>
    </message>
    <message id="move.paid_out.done">
        <source>{amount} paid out</source>
        <translation>已支出 {amount}</translation>
    </message>
    <message id="move.paid_out.hint">
        <source>Money taken out of the drawer; not a refund</source>
        <translation>从钱箱拿钱付款，不是退款</translation>
    </message>
    <message id="move.reason.bank">
        <source>Bank</source>
        <translation>存银行</translation>
    </message>
    <message id="move.reason.change">
        <source>Change</source>
        <translation>换零钱</translation>
    </message>
    <message id="move.reason.check">
        <source>Check</source>
        <translation>清点</translation>
    </message>
    <message id="move.reason.correction">
        <source>Correction</source>
        <translation>更正</translation>
    </message>
    <message id="move.reason.expenses">
        <source>Expenses</source>
        <translation>杂费</translation>
    </message>
    <message id="move.reason.missing">
        <source>Choose a reason</source>
        <translation>请选择原因</translation>
    </message>
    <message id="move.reason.other">
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message id="move.reason.safe">
        <source>Safe</source>
        <translation>保险柜</translation>
    </message>
    <message id="move.reason.supplier">
        <source>Supplier</source>
        <translation>供应商</translation>
    </message>
    <message id="move.safe_drop">
        <source>Safe drop</source>
        <translation>投入保险柜</translation>
    </message>
    <message id="move.safe_drop.confirm">
        <source>Drop {amount}</source>
        <translation>移走 {amount}</translation>
    </message>
    <message id="move.safe_drop.done">
        <source>{amount} moved to the safe</source>
        <translation>已移走 {amount}</translation>
    </message>
    <message id="move.safe_drop.hint">
        <source>Move spare cash out of the drawer</source>
        <translation>把多余现金从钱箱移走</translation>
    </message>
    <message id="move.why">
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message id="nav.checkout">
        <source>Checkout</source>
        <translation>收银</translation>
    </message>
    <message id="nav.checks">
        <source>Check this till</source>
        <translation>收银台自检</translation>
    </message>
    <message id="nav.lock">
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message id="nav.more">
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message id="nav.orders">
        <source>Orders</source>
        <translation>订单</translation>
    </message>
    <message id="nav.outbox">
        <source>Outbox, devices</source>
        <translation>同步设备</translation>
    </message>
    <message id="nav.printer">
        <source>Printer</source>
        <translation>打印机</translation>
    </message>
    <message id="nav.refund">
        <source>Refund</source>
        <translation>退款</translation>
    </message>
    <message id="nav.scanner">
        <source>Scanners</source>
        <translation>扫码设备</translation>
    </message>
    <message id="nav.sell_pass">
        <source>Discounts</source>
        <translation>优惠中心</translation>
    </message>
    <message id="nav.set_aside">
        <source>Set aside, this till&apos;s code</source>
        <translation>本机预留和本机码</translation>
    </message>
    <message id="nav.settings">
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message id="nav.shift">
        <source>Shift</source>
        <translation>班次</translation>
    </message>
    <message id="nav.top_up">
        <source>Top up</source>
        <translation>充值</translation>
    </message>
    <message id="nav.training">
        <source>Training</source>
        <translation>培训</translation>
    </message>
    <message id="note.all">
        <source>All {n}</source>
        <translation>全部 {n} 件</translation>
    </message>
    <message id="note.allergy">
        <source>Allergy</source>
        <translation>过敏</translation>
    </message>
    <message id="note.clear">
        <source>Remove note</source>
        <translation>去掉备注</translation>
    </message>
    <message id="note.for">
        <source>Note · {name}</source>
        <translation>备注 · {name}</translation>
    </message>
    <message id="note.hint">
        <source>Printed under the line. No names or phone numbers here, please.</source>
        <translation>打印在商品下方。请不要写姓名和电话。</translation>
    </message>
    <message id="note.hot">
        <source>Hot</source>
        <translation>热饮</translation>
    </message>
    <message id="note.less_ice">
        <source>Less ice</source>
        <translation>少冰</translation>
    </message>
    <message id="note.less_sugar">
        <source>Less sugar</source>
        <translation>少糖</translation>
    </message>
    <message id="note.no_ice">
        <source>No ice</source>
        <translation>去冰</translation>
    </message>
    <message id="note.no_straw">
        <source>No straw</source>
        <translation>不要吸管</translation>
    </message>
    <message id="note.no_sugar">
        <source>No sugar</source>
        <translation>无糖</translation>
    </message>
    <message id="note.on_line">
        <source>Note: {note}</source>
        <translation>备注：{note}</translation>
    </message>
    <message id="note.one">
        <source>Only one of them</source>
        <translation>只给其中 1 件</translation>
    </message>
    <message id="note.placeholder">
        <source>For whoever makes it</source>
        <translation>给制作的同事看</translation>
    </message>
    <message id="note.title">
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message id="note.to_go">
        <source>To go</source>
        <translation>打包</translation>
    </message>
    <message id="notice.close">
        <source>Close message</source>
        <translation>关闭提示</translation>
    </message>
    <message id="open_shift.detail">
        <source>{name}, count the float in the drawer</source>
        <translation>{name}，请点清抽屉里的备用金</translation>
    </message>
    <message id="open_shift.float">
        <source>Float</source>
        <translation>备用金</translation>
    </message>
    <message id="open_shift.leave">
        <source>Another cashier</source>
        <translation>换人登录</translation>
    </message>
    <message id="open_shift.submit">
        <source>Open shift</source>
        <translation>开班</translation>
    </message>
    <message id="open_shift.title">
        <source>Open shift</source>
        <translation>开班</translation>
    </message>
    <message id="order.approver">
        <source>Approved by</source>
        <translation>批准人</translation>
    </message>
    <message id="order.asked_by">
        <source>Asked by</source>
        <translation>经办人</translation>
    </message>
    <message id="order.back.all">
        <source>Refunded</source>
        <translation>已退完</translation>
    </message>
    <message id="order.back.part">
        <source>Part refunded</source>
        <translation>部分退</translation>
    </message>
    <message id="order.cashier">
        <source>Cashier</source>
        <translation>收银员</translation>
    </message>
    <message id="order.company">
        <source>Company</source>
        <translation>企业</translation>
    </message>
    <message id="order.kind.CardCharged">
        <source>Card payment</source>
        <translation>卡支付</translation>
    </message>
    <message id="order.kind.CashMoved">
        <source>Cash</source>
        <translation>现金</translation>
    </message>
    <message id="order.kind.OrderPaid">
        <source>Sale</source>
        <translation>销售</translation>
    </message>
    <message id="order.kind.OrderRefunded">
        <source>Refund</source>
        <translation>退款</translation>
    </message>
    <message id="order.kind.PassRedeemed">
        <source>Redemption</source>
        <translation>核销</translation>
    </message>
    <message id="order.kind.PassSold">
        <source>Pass sale</source>
        <translation>售卡</translation>
    </message>
    <message id="order.kind.Refunded">
        <source>Refund</source>
        <translation>退款</translation>
    </message>
    <message id="order.kind.ShiftClosed">
        <source>Shift end</source>
        <translation>班次结束</translation>
    </message>
    <message id="order.kind.ToppedUp">
        <source>Top-up</source>
        <translation>充值</translation>
    </message>
    <message id="order.kind.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="order.ledger">
        <source>Ledger</source>
        <translation>总部编号</translation>
    </message>
    <message id="order.member">
        <source>Member</source>
        <translation>会员</translation>
    </message>
    <message id="order.phone">
        <source>Phone</source>
        <translation>手机</translation>
    </message>
    <message id="order.pickup.short">
        <source>Pick-up {number}</source>
        <translation>取货 {number}</translation>
    </message>
    <message id="order.slip">
        <source>Slip</source>
        <translation>小票号</translation>
    </message>
    <message id="order.time">
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message id="order.why">
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message id="orders.all_days">
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message id="orders.back">
        <source>Came back</source>
        <translation>已退</translation>
    </message>
    <message id="orders.choose">
        <source>Choose an order</source>
        <translation>请选择一笔订单</translation>
    </message>
    <message id="orders.choose.detail">
        <source>From the list, by its number, or by scanning the slip.</source>
        <translation>从列表选，输入号码，或扫小票。</translation>
    </message>
    <message id="orders.clear">
        <source>Clear search</source>
        <translation>清除查找</translation>
    </message>
    <message id="orders.day.after">
        <source>Day after</source>
        <translation>后一天</translation>
    </message>
    <message id="orders.day.before">
        <source>Day before</source>
        <translation>前一天</translation>
    </message>
    <message id="orders.found">
        <source>Found: {text}</source>
        <translation>查找：{text}</translation>
    </message>
    <message id="orders.gone">
        <source>Head office keeps it; here its number and slip are left.</source>
        <translation>总部已保存，本机只留号码和小票。</translation>
    </message>
    <message id="orders.kind.cash">
        <source>Drawer</source>
        <translation>现金</translation>
    </message>
    <message id="orders.kind.charge">
        <source>Card</source>
        <translation>卡支付</translation>
    </message>
    <message id="orders.kind.pass">
        <source>Passes</source>
        <translation>售卡</translation>
    </message>
    <message id="orders.kind.redemption">
        <source>Uses</source>
        <translation>核销</translation>
    </message>
    <message id="orders.kind.refund">
        <source>Refunds</source>
        <translation>退款</translation>
    </message>
    <message id="orders.kind.sale">
        <source>Sales</source>
        <translation>销售</translation>
    </message>
    <message id="orders.kind.shift">
        <source>Shifts</source>
        <translation>班次</translation>
    </message>
    <message id="orders.kind.top_up">
        <source>Top-ups</source>
        <translation>充值</translation>
    </message>
    <message id="orders.loading">
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message id="orders.newer">
        <source>Newer</source>
        <translation>较新</translation>
    </message>
    <message id="orders.none">
        <source>No orders</source>
        <translation>没有订单</translation>
    </message>
    <message id="orders.none.day">
        <source>Nothing on this day. Look at the day before, or at all days.</source>
        <translation>这一天没有符合的记录。可以看前一天，或看全部。</translation>
    </message>
    <message id="orders.none.found">
        <source>No order found</source>
        <translation>没有找到订单</translation>
    </message>
    <message id="orders.none.found.detail">
        <source>This till holds nothing of that member or number; head office knows of other tills.</source>
        <translation>本收银机没有这个会员或取货号的记录；别的收银机的请问总部。</translation>
    </message>
    <message id="orders.offline">
        <source>No network: this till&apos;s own records</source>
        <translation>离线：这里是本机的记录</translation>
    </message>
    <message id="orders.older">
        <source>Older</source>
        <translation>更早</translation>
    </message>
    <message id="orders.original">
        <source>Of {number}</source>
        <translation>原单 {number}</translation>
    </message>
    <message id="orders.paper">
        <source>Slip {number}</source>
        <translation>小票 {number}</translation>
    </message>
    <message id="orders.papers">
        <source>Paper</source>
        <translation>纸质小票</translation>
    </message>
    <message id="orders.placeholder">
        <source>Slip, pick-up or phone number</source>
        <translation>小票号、取货号或手机后四位</translation>
    </message>
    <message id="orders.refund">
        <source>Refund</source>
        <translation>退款</translation>
    </message>
    <message id="orders.reprint">
        <source>Reprint</source>
        <translation>补打小票</translation>
    </message>
    <message id="orders.reprint.what">
        <source>Reprint {number}</source>
        <translation>补打 {number}</translation>
    </message>
    <message id="orders.reprinted">
        <source>A marked copy is printing</source>
        <translation>副本正在打印</translation>
    </message>
    <message id="orders.search">
        <source>Find by slip, ledger, pick-up or phone number; or scan the slip or the member</source>
        <translation>按小票号、总部编号、取货号或手机号查找；也可以扫小票或会员码</translation>
    </message>
    <message id="orders.title">
        <source>Orders</source>
        <translation>订单</translation>
    </message>
    <message id="orders.today">
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message id="orders.waits">
        <source>Waits to be sent to head office.</source>
        <translation>等待送往总部。</translation>
    </message>
    <message id="orders.waits.offline">
        <source>It is sent by itself when the network is back.</source>
        <translation>网络恢复后会自动送往总部。</translation>
    </message>
    <message id="outbox.accepted">
        <source>Posted</source>
        <translation>已入账</translation>
    </message>
    <message id="outbox.decided">
        <source>Head office: {reason}</source>
        <translation>总部处理：{reason}</translation>
    </message>
    <message id="outbox.held">
        <source>Held</source>
        <translation>待处理</translation>
    </message>
    <message id="outbox.held.why">
        <source>{reason}. Head office decides.</source>
        <translation>{reason}，由总部处理</translation>
    </message>
    <message id="outbox.none">
        <source>No records yet</source>
        <translation>还没有记录</translation>
    </message>
    <message id="outbox.none.detail">
        <source>Everything is recorded here first, then sent to head office.</source>
        <translation>每笔业务先记在本机，再送总部。</translation>
    </message>
    <message id="outbox.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="outbox.pending">
        <source>To send</source>
        <translation>待同步</translation>
    </message>
    <message id="outbox.summary">
        <source>To send: {pending} · Held: {held}</source>
        <translation>待同步 {pending} · 总部待处理 {held}</translation>
    </message>
    <message id="outbox.title">
        <source>Records</source>
        <translation>记录</translation>
    </message>
    <message id="pair.busy">
        <source>Pairing…</source>
        <translation>正在配对…</translation>
    </message>
    <message id="pair.code">
        <source>Pairing code</source>
        <translation>配对码</translation>
    </message>
    <message id="pair.detail">
        <source>Ask head office for a one-use code (valid 15 minutes). Products, passes and members then arrive by themselves.</source>
        <translation>向总部索取一次性配对码（15 分钟内有效）。配对后自动下载商品、次卡和会员。</translation>
    </message>
    <message id="pair.server">
        <source>Server address</source>
        <translation>服务器地址</translation>
    </message>
    <message id="pair.submit">
        <source>Pair</source>
        <translation>配对</translation>
    </message>
    <message id="pair.title">
        <source>Pair this till</source>
        <translation>配对收银机</translation>
    </message>
    <message id="pass.reason.other">
        <source>Not usable ({code})</source>
        <translation>不可用（{code}）</translation>
    </message>
    <message id="pass.reason.pass_expired">
        <source>Expired</source>
        <translation>已过期</translation>
    </message>
    <message id="pass.reason.pass_not_active">
        <source>Awaiting review</source>
        <translation>待总部审核</translation>
    </message>
    <message id="pass.reason.pass_revoked">
        <source>Revoked</source>
        <translation>已作废</translation>
    </message>
    <message id="pass.reason.uses_exhausted">
        <source>No uses left</source>
        <translation>次数已用完</translation>
    </message>
    <message id="pass.reason.uses_per_day_exceeded">
        <source>Today&apos;s limit reached</source>
        <translation>今日次数已用完</translation>
    </message>
    <message id="pass.used_today">
        <source>{n} today</source>
        <translation>今日已用 {n}</translation>
    </message>
    <message id="passes.none">
        <source>No passes</source>
        <translation>没有次卡</translation>
    </message>
    <message id="passes.none.detail">
        <source>You can sell one now.</source>
        <translation>可以现在售一张。</translation>
    </message>
    <message id="passes.sell">
        <source>Sell a pass (F4)</source>
        <translation>售卡 (F4)</translation>
    </message>
    <message id="passes.title">
        <source>Passes</source>
        <translation>可用次卡</translation>
    </message>
    <message id="picture.damaged">
        <source>The picture is damaged</source>
        <translation>图片已损坏</translation>
    </message>
    <message id="picture.missing">
        <source>The file is not there</source>
        <translation>找不到这个文件</translation>
    </message>
    <message id="picture.next">
        <source>Use another PNG or JPEG picture.</source>
        <translation>请换一张 PNG 或 JPEG 图片。</translation>
    </message>
    <message id="picture.no_pictures">
        <source>No pictures in the folder</source>
        <translation>文件夹里没有图片</translation>
    </message>
    <message id="picture.not_a_file">
        <source>This is not a file</source>
        <translation>这不是文件</translation>
    </message>
    <message id="picture.not_a_picture">
        <source>This is not a picture</source>
        <translation>这不是图片</translation>
    </message>
    <message id="picture.other">
        <source>The picture does not open ({code})</source>
        <translation>图片打不开（{code}）</translation>
    </message>
    <message id="picture.too_large">
        <source>The picture is too large</source>
        <translation>图片太大</translation>
    </message>
    <message id="picture.unreadable">
        <source>No permission to open the file</source>
        <translation>没有权限打开这个文件</translation>
    </message>
    <message id="plan.expires">
        <source>Expires</source>
        <translation>有效期至</translation>
    </message>
    <message id="plan.first">
        <source>First purchase</source>
        <translation>首次购卡</translation>
    </message>
    <message id="plan.member">
        <source>Scan the member first</source>
        <translation>请先扫会员码</translation>
    </message>
    <message id="plan.member.detail">
        <source>A pass belongs to a member.</source>
        <translation>次卡要记在会员名下。</translation>
    </message>
    <message id="plan.note">
        <source>{uses} · {days}</source>
        <translation>{uses} · 有效 {days}</translation>
    </message>
    <message id="plan.order">
        <source>Pass sale</source>
        <translation>售卡</translation>
    </message>
    <message id="plan.prompt">
        <source>Choose a pass</source>
        <translation>请选次卡</translation>
    </message>
    <message id="plan.prompt.detail">
        <source>First or stacked, uses and expiry will show here.</source>
        <translation>这里会显示首购或续卡、次数和到期日。</translation>
    </message>
    <message id="plan.stacked">
        <source>Added to the pass held</source>
        <translation>叠加到现有次卡</translation>
    </message>
    <message id="plan.uses">
        <source>Uses after</source>
        <translation>购后次数</translation>
    </message>
    <message id="plan.uses.stacked">
        <source>{before} → {after}</source>
        <translation>{before} → {after}</translation>
    </message>
    <message id="plans.none">
        <source>No passes on sale</source>
        <translation>没有在售次卡</translation>
    </message>
    <message id="plans.none.detail">
        <source>They appear once head office publishes them.</source>
        <translation>总部上架后会自动出现。</translation>
    </message>
    <message id="plans.title">
        <source>Discount centre · Passes</source>
        <translation>优惠中心 · 次卡</translation>
    </message>
    <message id="printer.answer_invalid">
        <source>Strange answer</source>
        <translation>应答异常</translation>
    </message>
    <message id="printer.connection_lost">
        <source>Connection lost</source>
        <translation>连接中断</translation>
    </message>
    <message id="printer.cover_open">
        <source>Cover open</source>
        <translation>盖子未关</translation>
    </message>
    <message id="printer.device_busy">
        <source>In use elsewhere</source>
        <translation>被占用</translation>
    </message>
    <message id="printer.device_denied">
        <source>Not allowed</source>
        <translation>没有权限</translation>
    </message>
    <message id="printer.device_missing">
        <source>Not plugged in</source>
        <translation>没有插好</translation>
    </message>
    <message id="printer.disk">
        <source>Folder not writable</source>
        <translation>文件夹不可写</translation>
    </message>
    <message id="printer.error">
        <source>Fault</source>
        <translation>故障</translation>
    </message>
    <message id="printer.help.answer_invalid">
        <source>What answers is no receipt printer, or the speed of the serial port is wrong.</source>
        <translation>应答的不是小票打印机，或者串口速度不对。</translation>
    </message>
    <message id="printer.help.connection_lost">
        <source>Check the cable and power.</source>
        <translation>请检查连接线和电源。</translation>
    </message>
    <message id="printer.help.cover_open">
        <source>Close the cover; printing goes on by itself.</source>
        <translation>请合上打印机盖，会自动继续打印。</translation>
    </message>
    <message id="printer.help.device_busy">
        <source>Another program holds {path}. Close it, or take this printer out of the computer&apos;s own print system.</source>
        <translation>{path} 被其他程序占用。请关闭该程序，或从系统打印机中移除它。</translation>
    </message>
    <message id="printer.help.device_denied">
        <source>This user may not open {path}. On Linux: sudo usermod -aG lp,dialout $USER, then log in to the computer again.</source>
        <translation>当前用户无权打开 {path}。Linux：执行 sudo usermod -aG lp,dialout $USER，然后重新登录电脑。</translation>
    </message>
    <message id="printer.help.device_missing">
        <source>Plug the cable in and switch the printer on. If it has another port now: look again.</source>
        <translation>请插好连接线并开机。如果换了接口，请重新查找。</translation>
    </message>
    <message id="printer.help.disk">
        <source>Make the folder writable for the till, or choose another.</source>
        <translation>请给予文件夹写入权限，或选择其他位置。</translation>
    </message>
    <message id="printer.help.error">
        <source>Switch it off and on; if it stays, call head office.</source>
        <translation>请关机再开；仍不行请联系总部。</translation>
    </message>
    <message id="printer.help.lost">
        <source>Check power and cable.</source>
        <translation>请检查打印机电源和网线。</translation>
    </message>
    <message id="printer.help.no_answer">
        <source>It is connected, but does not answer. Switch it off and on; on a serial port try another speed.</source>
        <translation>已连接但没有应答。请关机再开；串口请换一个速度试试。</translation>
    </message>
    <message id="printer.help.none">
        <source>Choose one under More, Printer.</source>
        <translation>请在“更多”→“打印机”中选择。</translation>
    </message>
    <message id="printer.help.offline">
        <source>Check power and cable. Slips wait in line; you can keep selling.</source>
        <translation>请检查打印机电源和网线。小票会排队，收银不受影响。</translation>
    </message>
    <message id="printer.help.other">
        <source>Check the printer.</source>
        <translation>请检查打印机。</translation>
    </message>
    <message id="printer.help.paper_low">
        <source>Have a new roll ready.</source>
        <translation>请准备好新的纸卷。</translation>
    </message>
    <message id="printer.help.paper_out">
        <source>Load a roll; printing goes on by itself. You can keep selling.</source>
        <translation>请装入纸卷，会自动继续打印。收银不受影响。</translation>
    </message>
    <message id="printer.help.queue_refused">
        <source>The computer&apos;s print system took no job. Look at the queue in its settings.</source>
        <translation>系统没有接收打印任务。请在设置中查看队列。</translation>
    </message>
    <message id="printer.help.queue_stopped">
        <source>Start the queue again in the computer&apos;s print settings.</source>
        <translation>请在电脑的打印设置中恢复该队列。</translation>
    </message>
    <message id="printer.help.queue_unknown">
        <source>Set the queue up again in the computer&apos;s print settings, or look again.</source>
        <translation>请在电脑的打印设置中重新建立队列，或重新查找。</translation>
    </message>
    <message id="printer.help.spooler_missing">
        <source>Install the print system (CUPS), or connect the printer by USB, serial cable or network.</source>
        <translation>请安装打印系统（CUPS），或改用 USB、串口、网络连接。</translation>
    </message>
    <message id="printer.help.stalled">
        <source>It takes no more. Look for paper, cover and jam, or switch it off and on.</source>
        <translation>打印机不再接收。请检查纸、盖子和卡纸，或关机再开。</translation>
    </message>
    <message id="printer.help.template_invalid">
        <source>Slips come out in the standard layout. Tell head office.</source>
        <translation>小票按默认格式打印。请告知总部。</translation>
    </message>
    <message id="printer.help.unreachable">
        <source>Nobody is there. Switch the printer on, check its network cable, and whether its address has changed: look again.</source>
        <translation>该地址无人应答。请开机、检查网线；地址可能变了，请重新查找。</translation>
    </message>
    <message id="printer.lost">
        <source>Lost</source>
        <translation>已断开</translation>
    </message>
    <message id="printer.no_answer">
        <source>No answer</source>
        <translation>没有应答</translation>
    </message>
    <message id="printer.none">
        <source>None</source>
        <translation>未设置</translation>
    </message>
    <message id="printer.offline">
        <source>No answer</source>
        <translation>连不上</translation>
    </message>
    <message id="printer.other">
        <source>State {code}</source>
        <translation>状态 {code}</translation>
    </message>
    <message id="printer.paper_low">
        <source>Paper runs low</source>
        <translation>纸快用完</translation>
    </message>
    <message id="printer.paper_out">
        <source>No paper</source>
        <translation>缺纸</translation>
    </message>
    <message id="printer.queue_refused">
        <source>Queue refused</source>
        <translation>队列拒收</translation>
    </message>
    <message id="printer.queue_stopped">
        <source>Queue is stopped</source>
        <translation>队列已暂停</translation>
    </message>
    <message id="printer.queue_unknown">
        <source>Queue is gone</source>
        <translation>队列不存在</translation>
    </message>
    <message id="printer.ready">
        <source>Ready</source>
        <translation>正常</translation>
    </message>
    <message id="printer.spooler_missing">
        <source>No print system</source>
        <translation>没有打印系统</translation>
    </message>
    <message id="printer.stalled">
        <source>Stalled</source>
        <translation>停滞</translation>
    </message>
    <message id="printer.starting">
        <source>Connecting</source>
        <translation>连接中</translation>
    </message>
    <message id="printer.template_invalid">
        <source>Template faulty</source>
        <translation>模板有误</translation>
    </message>
    <message id="printer.unreachable">
        <source>Not reachable</source>
        <translation>连接不上</translation>
    </message>
    <message id="printers.again">
        <source>Look again</source>
        <translation>重新查找</translation>
    </message>
    <message id="printers.by_hand">
        <source>Enter an address</source>
        <translation>输入地址</translation>
    </message>
    <message id="printers.by_hand.hint">
        <source>Like 192.168.1.50</source>
        <translation>例如 192.168.1.50</translation>
    </message>
    <message id="printers.by_hand.use">
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message id="printers.count" numerus="yes">
        <source>{n} found</source>
        <translation>
            <numerusform>找到 {n} 台</numerusform>
        </translation>
    </message>
    <message id="printers.empty">
        <source>No printer found</source>
        <translation>没有找到打印机</translation>
    </message>
    <message id="printers.empty.detail">
        <source>Switch it on, check its cable and look again, or enter its address below.</source>
        <translation>请开机并检查连接线后重新查找，或在下面输入地址。</translation>
    </message>
    <message id="printers.fixed">
        <source>This printer was given when the till was started</source>
        <translation>这台打印机是启动收银程序时指定的</translation>
    </message>
    <message id="printers.fixed.detail">
        <source>Start the till without --printer and without TILLKEEPER_PRINTER to choose here.</source>
        <translation>要在这里选择，请在启动时不使用 --printer 和 TILLKEEPER_PRINTER。</translation>
    </message>
    <message id="printers.forget">
        <source>Stop using it</source>
        <translation>停用</translation>
    </message>
    <message id="printers.found">
        <source>Printers found</source>
        <translation>找到的打印机</translation>
    </message>
    <message id="printers.in_use">
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message id="printers.kind.file">
        <source>Folder instead of a printer</source>
        <translation>文件夹（代替打印机）</translation>
    </message>
    <message id="printers.kind.network">
        <source>Network printer</source>
        <translation>网络打印机</translation>
    </message>
    <message id="printers.kind.none">
        <source>No printer chosen</source>
        <translation>还没有选择打印机</translation>
    </message>
    <message id="printers.kind.none.detail">
        <source>Slips wait in line and come out once there is one.</source>
        <translation>小票会排队等候，选好打印机后自动打印。</translation>
    </message>
    <message id="printers.kind.other">
        <source>Printer ({code})</source>
        <translation>打印机（{code}）</translation>
    </message>
    <message id="printers.kind.serial">
        <source>Serial port</source>
        <translation>串口</translation>
    </message>
    <message id="printers.kind.spooler">
        <source>Printer of this computer</source>
        <translation>本机系统打印机</translation>
    </message>
    <message id="printers.kind.usb">
        <source>USB printer</source>
        <translation>USB 打印机</translation>
    </message>
    <message id="printers.looking">
        <source>Looking at the network: {done} of {total}</source>
        <translation>正在查找网络：{done} / {total}</translation>
    </message>
    <message id="printers.looking_here">
        <source>Looking at this computer…</source>
        <translation>正在查找本机…</translation>
    </message>
    <message id="printers.paper">
        <source>Paper</source>
        <translation>纸宽</translation>
    </message>
    <message id="printers.paper.32">
        <source>58 mm · 32 columns</source>
        <translation>58 毫米 · 32 列</translation>
    </message>
    <message id="printers.paper.48">
        <source>80 mm · 48 columns</source>
        <translation>80 毫米 · 48 列</translation>
    </message>
    <message id="printers.silent">
        <source>{address} · does not answer</source>
        <translation>{address} · 没有应答</translation>
    </message>
    <message id="printers.speed">
        <source>Speed of the serial port, bits a second</source>
        <translation>串口速度（每秒比特数）</translation>
    </message>
    <message id="printers.speed.detail">
        <source>The printer&apos;s own test print says it: switch it on while you hold the feed button.</source>
        <translation>打印机的自检页上有：按住走纸键再开机即可打印。</translation>
    </message>
    <message id="printers.stop">
        <source>Stop looking</source>
        <translation>停止查找</translation>
    </message>
    <message id="printers.test">
        <source>Print test page</source>
        <translation>打印测试页</translation>
    </message>
    <message id="printers.tested.handed_over">
        <source>Test page handed over</source>
        <translation>测试页已交给系统</translation>
    </message>
    <message id="printers.tested.handed_over.detail">
        <source>This way to paper cannot say whether it was printed: look at the printer.</source>
        <translation>这种连接方式无法确认是否打印，请查看打印机。</translation>
    </message>
    <message id="printers.tested.not_printed">
        <source>Not printed: {why}</source>
        <translation>没有打印：{why}</translation>
    </message>
    <message id="printers.tested.printed">
        <source>Test page printed</source>
        <translation>测试页已打印</translation>
    </message>
    <message id="printers.tested.printed.detail">
        <source>Does the row of digits reach both edges and is nothing missing? Then paper width and letters are right.</source>
        <translation>数字行顶到左右两边、文字没有缺失，就说明纸宽和字体都正确。</translation>
    </message>
    <message id="printers.tested.unknown">
        <source>Perhaps printed: {why}</source>
        <translation>不确定是否打印：{why}</translation>
    </message>
    <message id="printers.tested.unknown.detail">
        <source>Part of the page went out, then the answer did not come. Look at the printer, then print it again.</source>
        <translation>数据已发出一部分，但没有收到应答。请查看打印机，然后再打印一次。</translation>
    </message>
    <message id="printers.testing">
        <source>The test page is being printed…</source>
        <translation>正在打印测试页…</translation>
    </message>
    <message id="printers.use">
        <source>Use this printer</source>
        <translation>使用这台打印机</translation>
    </message>
    <message id="printers.used">
        <source>Printer in use</source>
        <translation>正在使用的打印机</translation>
    </message>
    <message id="printers.wrong">
        <source>That is no printer&apos;s address</source>
        <translation>这不是打印机的地址</translation>
    </message>
    <message id="printers.wrong.detail">
        <source>Network: 192.168.1.50. USB: /dev/usb/lp0. Serial: /dev/ttyUSB0 or COM3. Queue of this computer: spooler://NAME.</source>
        <translation>网络：192.168.1.50。USB：/dev/usb/lp0。串口：/dev/ttyUSB0 或 COM3。本机打印队列：spooler://名称。</translation>
    </message>
    <message id="products.none">
        <source>No products here</source>
        <translation>这里没有商品</translation>
    </message>
    <message id="products.none.detail">
        <source>They appear once head office publishes them.</source>
        <translation>总部上架后会自动出现。</translation>
    </message>
    <message id="recent.heading">
        <source>Recent use</source>
        <translation>近期使用</translation>
    </message>
    <message id="recent.here">
        <source>What happened at this till, with or without a network.</source>
        <translation>仅本收银台的记录，离线也可查看。</translation>
    </message>
    <message id="recent.none">
        <source>Nothing yet</source>
        <translation>暂无记录</translation>
    </message>
    <message id="recent.title">
        <source>Recent</source>
        <translation>近期</translation>
    </message>
    <message id="refund.amount">
        <source>Refund amount</source>
        <translation>退款金额</translation>
    </message>
    <message id="refund.answered">
        <source>A refund was answered</source>
        <translation>退款有答复了</translation>
    </message>
    <message id="refund.answered.detail">
        <source>See whether money is to be handed out.</source>
        <translation>请看要不要退钱给顾客。</translation>
    </message>
    <message id="refund.ask_again">
        <source>Ask again now</source>
        <translation>现在再问</translation>
    </message>
    <message id="refund.asked.detail">
        <source>Hand nothing out yet; head office is asked again.</source>
        <translation>先不要退钱，正在继续询问总部。</translation>
    </message>
    <message id="refund.back">
        <source>Refund</source>
        <translation>退款</translation>
    </message>
    <message id="refund.cash">
        <source>Hand out {amount}</source>
        <translation>退给顾客 {amount}</translation>
    </message>
    <message id="refund.cash.range">
        <source>Hand out {least} to {most}</source>
        <translation>退给顾客 {least} 至 {most}</translation>
    </message>
    <message id="refund.cash.range.detail">
        <source>{bonus} of bonus is taken back; what was spent comes off the cash. Head office says how much.</source>
        <translation>收回赠送 {bonus}；已花掉的赠送从退款中扣。准确金额由总部答复。</translation>
    </message>
    <message id="refund.cash.unknown">
        <source>Head office says how much</source>
        <translation>金额由总部答复</translation>
    </message>
    <message id="refund.cash.unknown.detail">
        <source>Bonus already spent is kept from the cash.</source>
        <translation>已花掉的赠送会从退款中扣。</translation>
    </message>
    <message id="refund.exact.balance">
        <source>On the card then {amount}</source>
        <translation>退款后卡内 {amount}</translation>
    </message>
    <message id="refund.exact.bonus">
        <source>Bonus taken back {amount}</source>
        <translation>收回赠送 {amount}</translation>
    </message>
    <message id="refund.exact.bonus_back">
        <source>Bonus {amount}</source>
        <translation>赠送 {amount}</translation>
    </message>
    <message id="refund.exact.card">
        <source>{amount} goes back to the card</source>
        <translation>{amount} 退回卡里</translation>
    </message>
    <message id="refund.exact.kept">
        <source>Kept for spent bonus {amount}</source>
        <translation>扣回已花赠送 {amount}</translation>
    </message>
    <message id="refund.exact.points">
        <source>Points taken back {points}</source>
        <translation>收回积分 {points}</translation>
    </message>
    <message id="refund.exact.principal">
        <source>Paid money {amount}</source>
        <translation>本金 {amount}</translation>
    </message>
    <message id="refund.exact.uncollected">
        <source>Bonus not recovered {amount}</source>
        <translation>未能收回的赠送 {amount}</translation>
    </message>
    <message id="refund.find">
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message id="refund.gone">
        <source>Refunded</source>
        <translation>已退完</translation>
    </message>
    <message id="refund.granted.card">
        <source>Back on the card; hand nothing out.</source>
        <translation>已退回原卡，不退现金。</translation>
    </message>
    <message id="refund.granted.cash">
        <source>Hand {amount} to the customer ({tender})</source>
        <translation>请退给顾客 {amount}（{tender}）</translation>
    </message>
    <message id="refund.handed_out">
        <source>Handed out</source>
        <translation>已退给顾客</translation>
    </message>
    <message id="refund.how_back">
        <source>Paid back by</source>
        <translation>退款方式</translation>
    </message>
    <message id="refund.how_much">
        <source>Amount</source>
        <translation>退款金额</translation>
    </message>
    <message id="refund.kind.charge">
        <source>Card payment</source>
        <translation>余额付款</translation>
    </message>
    <message id="refund.kind.order">
        <source>Sale</source>
        <translation>销售</translation>
    </message>
    <message id="refund.kind.top_up">
        <source>Top-up</source>
        <translation>充值</translation>
    </message>
    <message id="refund.left">
        <source>Left to refund</source>
        <translation>可退</translation>
    </message>
    <message id="refund.left.of">
        <source>{left} of {amount}</source>
        <translation>{left}（原 {amount}）</translation>
    </message>
    <message id="refund.line.back">
        <source>Refunded</source>
        <translation>已退款</translation>
    </message>
    <message id="refund.lines">
        <source>What comes back</source>
        <translation>退哪些</translation>
    </message>
    <message id="refund.no_answer">
        <source>Head office has not answered yet</source>
        <translation>总部还没有答复</translation>
    </message>
    <message id="refund.no_answer.detail">
        <source>Hand nothing out. The till keeps asking under the same id; the answer appears at the left.</source>
        <translation>先不要退钱。本机会用同一编号继续询问，答复后在左边显示。</translation>
    </message>
    <message id="refund.none">
        <source>No sales, charges or top-ups yet</source>
        <translation>本机还没有销售、扣款和充值</translation>
    </message>
    <message id="refund.none.detail">
        <source>For a card payment or a top-up of another till, type its number.</source>
        <translation>其他收银机的扣款和充值请输入交易号。</translation>
    </message>
    <message id="refund.number">
        <source>Transaction or slip number</source>
        <translation>交易号或小票号</translation>
    </message>
    <message id="refund.offline">
        <source>No network: sales only</source>
        <translation>离线时只能退现场销售</translation>
    </message>
    <message id="refund.offline.detail">
        <source>Card payments and top-ups are refunded once head office answers.</source>
        <translation>扣款和充值要等联网、总部答复后才能退。</translation>
    </message>
    <message id="refund.order">
        <source>Refund</source>
        <translation>退款</translation>
    </message>
    <message id="refund.paid">
        <source>Original amount</source>
        <translation>原金额</translation>
    </message>
    <message id="refund.placeholder">
        <source>Transaction or slip no.</source>
        <translation>交易号 / 小票号</translation>
    </message>
    <message id="refund.prompt">
        <source>Choose a transaction</source>
        <translation>请选择一笔交易</translation>
    </message>
    <message id="refund.prompt.detail">
        <source>From the list, by its number, or by scanning the slip.</source>
        <translation>从左边选、输入号码，或扫小票。</translation>
    </message>
    <message id="refund.reason.amount_wrong">
        <source>Wrong amount</source>
        <translation>金额错误</translation>
    </message>
    <message id="refund.reason.changed_mind">
        <source>Changed mind</source>
        <translation>顾客不要了</translation>
    </message>
    <message id="refund.reason.not_delivered">
        <source>Not delivered</source>
        <translation>没有出品</translation>
    </message>
    <message id="refund.reason.order_wrong">
        <source>Wrong order</source>
        <translation>点错了</translation>
    </message>
    <message id="refund.reason.other">
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message id="refund.reason.product_fault">
        <source>Product fault</source>
        <translation>质量问题</translation>
    </message>
    <message id="refund.refused.detail">
        <source>Not refunded: {reason}</source>
        <translation>没有退款：{reason}</translation>
    </message>
    <message id="refund.seen">
        <source>Got it</source>
        <translation>知道了</translation>
    </message>
    <message id="refund.state.accepted">
        <source>Granted</source>
        <translation>已批准</translation>
    </message>
    <message id="refund.state.asked">
        <source>Waiting</source>
        <translation>等待答复</translation>
    </message>
    <message id="refund.state.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="refund.state.refused">
        <source>Refused</source>
        <translation>已拒绝</translation>
    </message>
    <message id="refund.title">
        <source>Transaction</source>
        <translation>选择交易</translation>
    </message>
    <message id="refund.to_card">
        <source>It goes back to the card</source>
        <translation>退回原卡</translation>
    </message>
    <message id="refund.to_card.detail">
        <source>No money is handed out; the points it earned are taken back.</source>
        <translation>不退现金；所得积分会扣回。</translation>
    </message>
    <message id="refund.unsynced">
        <source>Not synced yet</source>
        <translation>等待同步</translation>
    </message>
    <message id="refund.waits">
        <source>A refund of it is waiting</source>
        <translation>这笔退款正在等总部答复</translation>
    </message>
    <message id="refund.waits.detail">
        <source>Do not repeat it; wait for the answer.</source>
        <translation>不要再退一次，请等答复。</translation>
    </message>
    <message id="refund.whole">
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message id="refund.why">
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message id="refusal.add_on_unknown">
        <source>This add-on does not go with the product</source>
        <translation>该商品不能加这种料</translation>
    </message>
    <message id="refusal.add_on_unknown.next">
        <source>Choose another add-on.</source>
        <translation>请选别的加料。</translation>
    </message>
    <message id="refusal.already_paired">
        <source>This till is paired already</source>
        <translation>这台收银机已经配对</translation>
    </message>
    <message id="refusal.already_paired.next">
        <source>You can sign in.</source>
        <translation>可以直接登录。</translation>
    </message>
    <message id="refusal.amount_invalid">
        <source>The amount is not valid</source>
        <translation>金额不对</translation>
    </message>
    <message id="refusal.amount_invalid.next">
        <source>Write it like 12.50.</source>
        <translation>请按 12.50 这样输入。</translation>
    </message>
    <message id="refusal.amount_invalid.top_up">
        <source>The amount is not valid</source>
        <translation>充值金额不对</translation>
    </message>
    <message id="refusal.amount_invalid.top_up.next">
        <source>At most {most} at a time.</source>
        <translation>一次最多 {most}。</translation>
    </message>
    <message id="refusal.approval_needed">
        <source>A manager must approve this</source>
        <translation>需要店长同意</translation>
    </message>
    <message id="refusal.approval_needed.next">
        <source>Ask a colleague who may to type a PIN.</source>
        <translation>请有权限的同事输入密码。</translation>
    </message>
    <message id="refusal.balance_insufficient">
        <source>Not enough on the card</source>
        <translation>卡内余额不足</translation>
    </message>
    <message id="refusal.balance_insufficient.charge">
        <source>Only {balance} on the card</source>
        <translation>余额不足，卡上只有 {balance}</translation>
    </message>
    <message id="refusal.balance_insufficient.charge.next">
        <source>Top it up, or take another tender.</source>
        <translation>请充值，或换付款方式。</translation>
    </message>
    <message id="refusal.balance_insufficient.next">
        <source>Take some off, or choose another tender.</source>
        <translation>请减少商品，或换一种付款方式。</translation>
    </message>
    <message id="refusal.basket_empty">
        <source>The basket is empty</source>
        <translation>本单没有商品</translation>
    </message>
    <message id="refusal.basket_empty.next">
        <source>Tap a product first.</source>
        <translation>请先点商品。</translation>
    </message>
    <message id="refusal.bonus_differs">
        <source>The bonus has changed</source>
        <translation>赠送金额已变化</translation>
    </message>
    <message id="refusal.bonus_differs.next">
        <source>Check the new bonus and confirm again.</source>
        <translation>请核对新的赠送金额后再确认。</translation>
    </message>
    <message id="refusal.card_currency_unset">
        <source>The card has no money on it yet</source>
        <translation>卡内还没有储值</translation>
    </message>
    <message id="refusal.card_currency_unset.next">
        <source>Top it up first, or choose another tender.</source>
        <translation>请先充值，或换一种付款方式。</translation>
    </message>
    <message id="refusal.card_expired">
        <source>This card has expired</source>
        <translation>这张卡已过期</translation>
    </message>
    <message id="refusal.card_expired.next">
        <source>Choose another tender, or call head office.</source>
        <translation>请换一种付款方式，或联系总部。</translation>
    </message>
    <message id="refusal.card_inactive">
        <source>This card cannot be used</source>
        <translation>这张卡不能使用</translation>
    </message>
    <message id="refusal.card_inactive.next">
        <source>Choose another tender, or call head office.</source>
        <translation>请换一种付款方式，或联系总部。</translation>
    </message>
    <message id="refusal.card_unknown">
        <source>This card is not known</source>
        <translation>没有这张卡</translation>
    </message>
    <message id="refusal.card_unknown.next">
        <source>Ask for the code again, or choose another tender.</source>
        <translation>请重新出示会员码，或换一种付款方式。</translation>
    </message>
    <message id="refusal.cash_insufficient">
        <source>The drawer does not hold that much</source>
        <translation>钱箱里没有这么多现金</translation>
    </message>
    <message id="refusal.cash_insufficient.next">
        <source>Check the amount.</source>
        <translation>请核对金额。</translation>
    </message>
    <message id="refusal.change_only_from_cash">
        <source>Only cash gives change</source>
        <translation>只有现金可以找零</translation>
    </message>
    <message id="refusal.change_only_from_cash.next">
        <source>Take the exact amount.</source>
        <translation>请按应收金额收款。</translation>
    </message>
    <message id="refusal.code_edited">
        <source>The code has been altered</source>
        <translation>会员码无效，可能被改动</translation>
    </message>
    <message id="refusal.code_edited.next">
        <source>Ask the member to refresh the code.</source>
        <translation>请会员刷新会员码再扫。</translation>
    </message>
    <message id="refusal.code_edited.orders">
        <source>This slip&apos;s check code is wrong</source>
        <translation>这张小票的校验码不对</translation>
    </message>
    <message id="refusal.code_edited.orders.next">
        <source>The paper may have been altered; trust the till&apos;s record: find it by its number.</source>
        <translation>纸上的内容可能被改过；以本机记录为准，按号码查。</translation>
    </message>
    <message id="refusal.code_expired">
        <source>The code has expired</source>
        <translation>会员码已过期</translation>
    </message>
    <message id="refusal.code_expired.next">
        <source>Ask the member to refresh the code.</source>
        <translation>请会员刷新会员码再扫。</translation>
    </message>
    <message id="refusal.code_foreign">
        <source>This is not a member code</source>
        <translation>这不是会员码</translation>
    </message>
    <message id="refusal.code_foreign.charge">
        <source>This code does not pay</source>
        <translation>这不是付款用的会员码</translation>
    </message>
    <message id="refusal.code_foreign.charge.next">
        <source>Ask for the member&apos;s short code (not the large offline one).</source>
        <translation>请出示会员的动态短码（不是离线大码）。</translation>
    </message>
    <message id="refusal.code_foreign.next">
        <source>Ask for this shop&apos;s member code.</source>
        <translation>请会员打开本店会员码。</translation>
    </message>
    <message id="refusal.code_locked">
        <source>The member&apos;s codes are locked for 15 minutes</source>
        <translation>该会员码已锁 15 分钟</translation>
    </message>
    <message id="refusal.code_locked.charge">
        <source>The member&apos;s codes are locked for 15 minutes</source>
        <translation>会员码已锁定 15 分钟</translation>
    </message>
    <message id="refusal.code_locked.charge.next">
        <source>Take another tender.</source>
        <translation>请换付款方式。</translation>
    </message>
    <message id="refusal.code_locked.next">
        <source>Find the member by phone.</source>
        <translation>请输手机号查找。</translation>
    </message>
    <message id="refusal.code_not_yet_valid">
        <source>The code is not valid yet</source>
        <translation>会员码还未生效</translation>
    </message>
    <message id="refusal.code_not_yet_valid.next">
        <source>Check the phone&apos;s clock and refresh the code.</source>
        <translation>请核对手机时间，刷新后再扫。</translation>
    </message>
    <message id="refusal.code_other_terminal">
        <source>The code is for another till</source>
        <translation>此码是为另一台收银机预留的</translation>
    </message>
    <message id="refusal.code_other_terminal.next">
        <source>The member can give it back on the phone and set it aside for this till.</source>
        <translation>请会员在手机上归还后，改为本机预留。</translation>
    </message>
    <message id="refusal.code_pays_goods">
        <source>This code pays for goods</source>
        <translation>此码用于支付商品</translation>
    </message>
    <message id="refusal.code_pays_goods.next">
        <source>Tap the goods, choose Card, then scan it again.</source>
        <translation>请先点商品，选「卡」，再扫一次。</translation>
    </message>
    <message id="refusal.code_unreadable">
        <source>No code could be read</source>
        <translation>图片里读不出二维码</translation>
    </message>
    <message id="refusal.code_unreadable.next">
        <source>Hold it steady, clean the screen, turn it brighter.</source>
        <translation>请对准、擦净屏幕、调亮后再扫。</translation>
    </message>
    <message id="refusal.code_used">
        <source>The code was used already</source>
        <translation>会员码已经用过</translation>
    </message>
    <message id="refusal.code_used.next">
        <source>Ask the member to refresh the code.</source>
        <translation>请会员刷新会员码再扫。</translation>
    </message>
    <message id="refusal.code_wrong">
        <source>The code is wrong</source>
        <translation>会员码不对</translation>
    </message>
    <message id="refusal.code_wrong.next">
        <source>Ask the member to refresh the code.</source>
        <translation>请会员刷新会员码再扫。</translation>
    </message>
    <message id="refusal.content_differs">
        <source>Head office has this request with another content</source>
        <translation>总部收到的同一请求内容不同</translation>
    </message>
    <message id="refusal.content_differs.next">
        <source>Begin again. If it stays, call head office.</source>
        <translation>请重新操作。如一直如此，请联系总部。</translation>
    </message>
    <message id="refusal.count_missing">
        <source>Something was not counted</source>
        <translation>还有没点的收款方式</translation>
    </message>
    <message id="refusal.count_missing.next">
        <source>Count every tender; 0 where there is nothing.</source>
        <translation>每种收款方式都要填，没有就填 0。</translation>
    </message>
    <message id="refusal.currency_mismatch">
        <source>The currency is not this store&apos;s</source>
        <translation>币种与本店不同</translation>
    </message>
    <message id="refusal.currency_mismatch.next">
        <source>Call head office.</source>
        <translation>请联系总部。</translation>
    </message>
    <message id="refusal.difference_unexplained">
        <source>The count differs from what is expected</source>
        <translation>实点和应有不一致</translation>
    </message>
    <message id="refusal.difference_unexplained.next">
        <source>Count again, or choose a reason.</source>
        <translation>请再点一次，或选择原因。</translation>
    </message>
    <message id="refusal.key_unknown">
        <source>Head office does not know this till any more</source>
        <translation>总部已不认识本机</translation>
    </message>
    <message id="refusal.key_unknown.next">
        <source>Nothing is lost. Head office makes a new pairing code for this till; then it is paired again: pos-app pair CODE --server ADDRESS</source>
        <translation>记录不会丢失。请总部为本机生成新的配对码，然后重新配对：pos-app pair 配对码 --server 地址</translation>
    </message>
    <message id="refusal.member_inactive">
        <source>This member is not active</source>
        <translation>该会员已停用</translation>
    </message>
    <message id="refusal.member_inactive.next">
        <source>Call head office.</source>
        <translation>请联系总部。</translation>
    </message>
    <message id="refusal.member_pin_needed">
        <source>Their PIN is needed</source>
        <translation>需要会员密码</translation>
    </message>
    <message id="refusal.member_pin_needed.next">
        <source>The customer types it, or shows the code on their phone.</source>
        <translation>请顾客输入密码，或出示手机上的会员码。</translation>
    </message>
    <message id="refusal.member_unknown">
        <source>No such member</source>
        <translation>找不到这位会员</translation>
    </message>
    <message id="refusal.member_unknown.find">
        <source>No member has this phone</source>
        <translation>这个手机号还不是会员</translation>
    </message>
    <message id="refusal.member_unknown.find.next">
        <source>Check the number, or create a new member.</source>
        <translation>核对手机号，或新建会员。</translation>
    </message>
    <message id="refusal.member_unknown.next">
        <source>Check the number, or ask for the member&apos;s code.</source>
        <translation>核对手机号，或请会员打开会员码。</translation>
    </message>
    <message id="refusal.member_unknown.orders">
        <source>No such member</source>
        <translation>没有这个会员</translation>
    </message>
    <message id="refusal.member_unknown.orders.next">
        <source>Ask for a fresh code, or type the end of the phone number.</source>
        <translation>请会员刷新会员码，或输入手机后四位。</translation>
    </message>
    <message id="refusal.name_invalid">
        <source>The name cannot be used</source>
        <translation>姓名无法使用</translation>
    </message>
    <message id="refusal.name_invalid.next">
        <source>Type a name of 1 to 100 characters.</source>
        <translation>请输入 1 到 100 个字的姓名。</translation>
    </message>
    <message id="refusal.newer_than_server">
        <source>Written by a newer program than the server&apos;s</source>
        <translation>由比服务器更新的程序写入</translation>
    </message>
    <message id="refusal.newer_than_server.next">
        <source>What is recorded is kept and sent. Call head office.</source>
        <translation>已记录的内容会保留并上传。请联系总部。</translation>
    </message>
    <message id="refusal.not_admin">
        <source>This member does not administer that company card</source>
        <translation>该会员不是这张企业卡的管理员</translation>
    </message>
    <message id="refusal.not_admin.next">
        <source>Only its admins may top it up. Choose another card, or ask an admin to come.</source>
        <translation>只有管理员才能充值。请换一张卡，或请管理员到店。</translation>
    </message>
    <message id="refusal.not_in_training">
        <source>Real members are not known in training</source>
        <translation>培训模式中没有真实会员</translation>
    </message>
    <message id="refusal.not_in_training.next">
        <source>Take one of the made-up members under More, Training; or leave training to serve this one.</source>
        <translation>请在“更多 → 培训”中选择虚构会员；要接待这位会员，请先退出培训。</translation>
    </message>
    <message id="refusal.not_paired">
        <source>This till is not paired</source>
        <translation>这台收银机还没有配对</translation>
    </message>
    <message id="refusal.not_paired.next">
        <source>Ask head office for a pairing code.</source>
        <translation>请向总部索取配对码。</translation>
    </message>
    <message id="refusal.not_refundable_here">
        <source>{kind}: not refunded at the till</source>
        <translation>{kind}：收银台不能退</translation>
    </message>
    <message id="refusal.not_refundable_here.next">
        <source>Head office decides what comes back: call there with the slip&apos;s number.</source>
        <translation>由总部决定是否退：请带上小票号联系总部。</translation>
    </message>
    <message id="refusal.not_signed_in">
        <source>Nobody is signed in</source>
        <translation>没有人登录</translation>
    </message>
    <message id="refusal.not_signed_in.next">
        <source>Sign in first.</source>
        <translation>请先登录。</translation>
    </message>
    <message id="refusal.offline_clock_frozen">
        <source>Never synced: no offline redemptions</source>
        <translation>从未同步，暂停离线核销</translation>
    </message>
    <message id="refusal.offline_clock_frozen.next">
        <source>One contact with head office is enough.</source>
        <translation>连上网络一次即可恢复。</translation>
    </message>
    <message id="refusal.offline_member_cap">
        <source>The member has used up today&apos;s offline uses</source>
        <translation>该会员今天的离线次数已用完</translation>
    </message>
    <message id="refusal.offline_member_cap.next">
        <source>Wait for the network.</source>
        <translation>等网络恢复再核销。</translation>
    </message>
    <message id="refusal.offline_needs_signed_code">
        <source>Offline, the member&apos;s offline code is needed</source>
        <translation>离线核销需要会员的离线码</translation>
    </message>
    <message id="refusal.offline_needs_signed_code.next">
        <source>Ask for the large offline code and scan it.</source>
        <translation>请会员切换到离线码（大码）再扫。</translation>
    </message>
    <message id="refusal.offline_not_allowed">
        <source>This pass cannot be redeemed offline</source>
        <translation>离线时不能核销这张次卡</translation>
    </message>
    <message id="refusal.offline_not_allowed.charge">
        <source>Cards cannot be charged offline</source>
        <translation>离线时不能扣卡余额</translation>
    </message>
    <message id="refusal.offline_not_allowed.charge.next">
        <source>Use this till&apos;s code or another tender.</source>
        <translation>请顾客扫本机码预留，或换付款方式。</translation>
    </message>
    <message id="refusal.offline_not_allowed.next">
        <source>Let the customer scan this till&apos;s code, or sell for money.</source>
        <translation>请顾客扫本机码预留，或先按原价收款。</translation>
    </message>
    <message id="refusal.offline_not_allowed.refund">
        <source>Refunds need head office</source>
        <translation>离线时不能退款</translation>
    </message>
    <message id="refusal.offline_not_allowed.refund.next">
        <source>Wait for the network; hand nothing out.</source>
        <translation>请等联网，先不要退钱。</translation>
    </message>
    <message id="refusal.offline_operation_cap">
        <source>Offline: at most {limit} per order</source>
        <translation>离线每单最多 {limit} 次</translation>
    </message>
    <message id="refusal.offline_operation_cap.next">
        <source>Take some off.</source>
        <translation>请减少件数。</translation>
    </message>
    <message id="refusal.offline_snapshot_too_old">
        <source>The member&apos;s offline code is too old</source>
        <translation>会员的离线码太旧</translation>
    </message>
    <message id="refusal.offline_snapshot_too_old.next">
        <source>Ask the member to refresh it online.</source>
        <translation>请会员联网刷新后再扫。</translation>
    </message>
    <message id="refusal.offline_sync_too_old">
        <source>Offline for too long</source>
        <translation>离线太久，不能核销</translation>
    </message>
    <message id="refusal.offline_sync_too_old.next">
        <source>Wait for the network.</source>
        <translation>等网络恢复再核销。</translation>
    </message>
    <message id="refusal.offline_terminal_cap">
        <source>This till has used up its offline uses</source>
        <translation>本机的离线次数已用完</translation>
    </message>
    <message id="refusal.offline_terminal_cap.next">
        <source>Wait for the network.</source>
        <translation>等网络恢复再核销。</translation>
    </message>
    <message id="refusal.other">
        <source>Not done ({code})</source>
        <translation>未完成（{code}）</translation>
    </message>
    <message id="refusal.other.next">
        <source>Try again; if it stays, tell head office this code.</source>
        <translation>请重试；仍不行请联系总部并报此代码。</translation>
    </message>
    <message id="refusal.pairing_code_expired">
        <source>The pairing code has expired</source>
        <translation>配对码已过期</translation>
    </message>
    <message id="refusal.pairing_code_expired.next">
        <source>Ask head office for a new one.</source>
        <translation>请向总部索取新码。</translation>
    </message>
    <message id="refusal.pairing_code_used">
        <source>The pairing code was used already</source>
        <translation>配对码已用过</translation>
    </message>
    <message id="refusal.pairing_code_used.next">
        <source>Ask head office for a new one.</source>
        <translation>请向总部索取新码。</translation>
    </message>
    <message id="refusal.pairing_code_wrong">
        <source>The pairing code is wrong</source>
        <translation>配对码不对</translation>
    </message>
    <message id="refusal.pairing_code_wrong.next">
        <source>Check letters and digits.</source>
        <translation>请核对字母和数字。</translation>
    </message>
    <message id="refusal.pairing_throttled">
        <source>Too many tries</source>
        <translation>配对尝试太多</translation>
    </message>
    <message id="refusal.pairing_throttled.next">
        <source>Wait a few minutes.</source>
        <translation>请过几分钟再试。</translation>
    </message>
    <message id="refusal.pass_expired">
        <source>This pass has expired</source>
        <translation>这张次卡已过期</translation>
    </message>
    <message id="refusal.pass_expired.next">
        <source>Choose another, or sell a new one.</source>
        <translation>请换一张卡，或售新卡。</translation>
    </message>
    <message id="refusal.pass_not_active">
        <source>This pass cannot be used yet</source>
        <translation>这张次卡还不能用</translation>
    </message>
    <message id="refusal.pass_not_active.next">
        <source>It awaits review at head office; choose another.</source>
        <translation>等待总部审核，请换一张卡。</translation>
    </message>
    <message id="refusal.pass_other_member">
        <source>The pass belongs to another member</source>
        <translation>这张次卡不是该会员的</translation>
    </message>
    <message id="refusal.pass_other_member.charge">
        <source>The code is another member&apos;s</source>
        <translation>这是另一位会员的码</translation>
    </message>
    <message id="refusal.pass_other_member.charge.next">
        <source>Scan this member&apos;s own, or change the member first.</source>
        <translation>请扫本人的码，或先换会员。</translation>
    </message>
    <message id="refusal.pass_other_member.next">
        <source>Scan the member&apos;s code again.</source>
        <translation>请重新扫会员码。</translation>
    </message>
    <message id="refusal.pass_other_merchant">
        <source>The pass belongs to another merchant</source>
        <translation>这张次卡属于其他商户</translation>
    </message>
    <message id="refusal.pass_other_merchant.next">
        <source>It cannot be used here; choose another.</source>
        <translation>本店不能核销，请换一张卡。</translation>
    </message>
    <message id="refusal.pass_revoked">
        <source>The pass was revoked</source>
        <translation>这张次卡已作废</translation>
    </message>
    <message id="refusal.pass_revoked.next">
        <source>Choose another, or call head office.</source>
        <translation>请换一张卡，或联系总部。</translation>
    </message>
    <message id="refusal.pass_unknown">
        <source>This pass is not known</source>
        <translation>找不到这张次卡</translation>
    </message>
    <message id="refusal.pass_unknown.next">
        <source>Refresh the member and try again.</source>
        <translation>刷新会员后再试。</translation>
    </message>
    <message id="refusal.permission_missing">
        <source>You may not do this</source>
        <translation>您没有这项权限</translation>
    </message>
    <message id="refusal.permission_missing.approve">
        <source>This person may not approve it either</source>
        <translation>这位同事也没有这项权限</translation>
    </message>
    <message id="refusal.permission_missing.approve.next">
        <source>Ask somebody who may to type their PIN.</source>
        <translation>请另一位有权限的同事输入 PIN。</translation>
    </message>
    <message id="refusal.permission_missing.next">
        <source>Ask a colleague who may.</source>
        <translation>请有权限的同事来操作。</translation>
    </message>
    <message id="refusal.phone_invalid">
        <source>The phone number is not valid</source>
        <translation>手机号不对</translation>
    </message>
    <message id="refusal.phone_invalid.create_member">
        <source>The phone number is not valid</source>
        <translation>手机号不对</translation>
    </message>
    <message id="refusal.phone_invalid.create_member.next">
        <source>Type the whole number; one from abroad begins with + and its country.</source>
        <translation>请输入完整号码；国外号码前加 + 和国家代码。</translation>
    </message>
    <message id="refusal.phone_invalid.next">
        <source>Type the whole number, or its last four digits. One from abroad begins with + and its country.</source>
        <translation>请输完整号码，或后四位；国外号码前加 + 和国家代码。</translation>
    </message>
    <message id="refusal.pin_invalid">
        <source>A member&apos;s PIN has {least} to {most} digits</source>
        <translation>会员密码为 {least} 至 {most} 位数字</translation>
    </message>
    <message id="refusal.pin_invalid.next">
        <source>Type digits only.</source>
        <translation>请只输入数字。</translation>
    </message>
    <message id="refusal.pin_not_set">
        <source>This member has no PIN any more</source>
        <translation>该会员已没有密码</translation>
    </message>
    <message id="refusal.pin_not_set.next">
        <source>Go back and confirm again; make sure it is them.</source>
        <translation>请返回再确认一次，并核对是本人。</translation>
    </message>
    <message id="refusal.pin_throttled">
        <source>Too many tries; wait {span}</source>
        <translation>错误太多，请等 {span}</translation>
    </message>
    <message id="refusal.pin_throttled.member_pin">
        <source>Too many tries; wait {span}</source>
        <translation>尝试次数过多，请等待 {span}</translation>
    </message>
    <message id="refusal.pin_throttled.member_pin.next">
        <source>Until then, show the code on your phone.</source>
        <translation>在此之前请出示手机上的会员码。</translation>
    </message>
    <message id="refusal.pin_throttled.next">
        <source>You can try again when the count ends.</source>
        <translation>倒计时结束后可再试。</translation>
    </message>
    <message id="refusal.pin_too_easy">
        <source>This PIN is too easy to guess</source>
        <translation>这个密码太容易被猜到</translation>
    </message>
    <message id="refusal.pin_too_easy.next">
        <source>Take another: no row of digits, and not the end of your phone number.</source>
        <translation>请换一个：不要用连续或相同的数字，也不要用手机尾号。</translation>
    </message>
    <message id="refusal.pin_wrong">
        <source>Wrong PIN; {attempts_left} tries left</source>
        <translation>PIN 不对，还可试 {attempts_left} 次</translation>
    </message>
    <message id="refusal.pin_wrong.member_pin">
        <source>Wrong PIN; {attempts_left} tries left</source>
        <translation>密码错误，还可再试 {attempts_left} 次</translation>
    </message>
    <message id="refusal.pin_wrong.member_pin.next">
        <source>Type it again, or show the code on your phone.</source>
        <translation>请重新输入，或出示手机上的会员码。</translation>
    </message>
    <message id="refusal.pin_wrong.next">
        <source>Type it again.</source>
        <translation>请重新输入。</translation>
    </message>
    <message id="refusal.plan_not_on_sale">
        <source>This pass is no longer on sale</source>
        <translation>这种次卡已停售</translation>
    </message>
    <message id="refusal.plan_not_on_sale.next">
        <source>Choose another one.</source>
        <translation>请选别的次卡。</translation>
    </message>
    <message id="refusal.plan_unknown">
        <source>This kind of pass is not known</source>
        <translation>找不到这种次卡</translation>
    </message>
    <message id="refusal.plan_unknown.next">
        <source>Refresh and try again.</source>
        <translation>刷新后再试。</translation>
    </message>
    <message id="refusal.policy_invalid">
        <source>The offline policy does not hold</source>
        <translation>离线规则校验失败</translation>
    </message>
    <message id="refusal.policy_invalid.next">
        <source>Call head office.</source>
        <translation>请联系总部。</translation>
    </message>
    <message id="refusal.price_changed">
        <source>The price has just changed</source>
        <translation>价格刚刚更新</translation>
    </message>
    <message id="refusal.price_changed.next">
        <source>Check the new price and confirm again.</source>
        <translation>请核对新价格后再确认。</translation>
    </message>
    <message id="refusal.product_not_eligible">
        <source>The pass does not cover this product</source>
        <translation>这张次卡不含该商品</translation>
    </message>
    <message id="refusal.product_not_eligible.next">
        <source>Choose under On pass, or sell it for money.</source>
        <translation>请在“本卡项目”里选，或直接收款。</translation>
    </message>
    <message id="refusal.product_unknown">
        <source>The product is no longer on sale</source>
        <translation>商品已下架</translation>
    </message>
    <message id="refusal.product_unknown.next">
        <source>Choose another one.</source>
        <translation>请选别的商品。</translation>
    </message>
    <message id="refusal.refund_exceeds">
        <source>More than is left to refund</source>
        <translation>超过可退金额</translation>
    </message>
    <message id="refusal.refund_exceeds.next">
        <source>Give a smaller amount.</source>
        <translation>请输入较小的金额。</translation>
    </message>
    <message id="refusal.refund_exceeds.refund">
        <source>At most {left} is left to refund</source>
        <translation>最多还能退 {left}</translation>
    </message>
    <message id="refusal.refund_exceeds.refund.next">
        <source>Give a smaller amount.</source>
        <translation>请输入更小的金额。</translation>
    </message>
    <message id="refusal.refund_not_allowed">
        <source>This cannot be refunded here</source>
        <translation>这笔交易不能在此退款</translation>
    </message>
    <message id="refusal.refund_not_allowed.next">
        <source>Call head office.</source>
        <translation>请联系总部。</translation>
    </message>
    <message id="refusal.request_abandoned">
        <source>Head office did not answer in time</source>
        <translation>总部没有及时回答</translation>
    </message>
    <message id="refusal.request_abandoned.charge">
        <source>Head office did not answer in time</source>
        <translation>总部没有及时答复</translation>
    </message>
    <message id="refusal.request_abandoned.charge.next">
        <source>Should it have charged, that is reversed by itself. Take another tender.</source>
        <translation>如果总部扣了，会自动退回。请换付款方式。</translation>
    </message>
    <message id="refusal.request_abandoned.next">
        <source>Confirm again.</source>
        <translation>请再确认一次。</translation>
    </message>
    <message id="refusal.request_expired">
        <source>What was sent came too late, or a clock is wrong</source>
        <translation>发送的内容到得太晚，或时钟不准</translation>
    </message>
    <message id="refusal.request_expired.next">
        <source>Records are kept and sent again by themselves. If it stays, call head office.</source>
        <translation>记录已保留，会自动重发。如一直如此，请联系总部。</translation>
    </message>
    <message id="refusal.request_malformed">
        <source>Head office cannot read what this till sends</source>
        <translation>总部无法识别本机发送的内容</translation>
    </message>
    <message id="refusal.request_malformed.next">
        <source>Records are kept and sent again by themselves. If it stays, call head office: the program may be of another version.</source>
        <translation>记录已保留，会自动重发。如一直如此，请联系总部：程序版本可能不同。</translation>
    </message>
    <message id="refusal.request_replayed">
        <source>Head office has seen this very message before</source>
        <translation>总部已收到过同一条消息</translation>
    </message>
    <message id="refusal.request_replayed.next">
        <source>It is sent anew by itself. If it stays, call head office.</source>
        <translation>会自动重新发送。如一直如此，请联系总部。</translation>
    </message>
    <message id="refusal.request_taken_back">
        <source>Head office has taken this back</source>
        <translation>总部已收回</translation>
    </message>
    <message id="refusal.request_taken_back.next">
        <source>Nothing is granted any more. Do not hand anything out; ask head office.</source>
        <translation>原先的批准已失效。请勿交付，并询问总部。</translation>
    </message>
    <message id="refusal.request_too_large">
        <source>Head office takes no message as large as this</source>
        <translation>一次发送的内容过大</translation>
    </message>
    <message id="refusal.request_too_large.next">
        <source>Less is sent at once, by itself. If it stays, call head office.</source>
        <translation>会自动分批发送。如一直如此，请联系总部。</translation>
    </message>
    <message id="refusal.reservation_closed">
        <source>What was set aside has ended</source>
        <translation>预留已结束</translation>
    </message>
    <message id="refusal.reservation_closed.next">
        <source>Let the member set it aside anew, with this till&apos;s code.</source>
        <translation>请会员扫本机二维码重新预留。</translation>
    </message>
    <message id="refusal.reservation_exceeds">
        <source>Set aside here at once: {left}</source>
        <translation>本机一次可用的预留：{left} 次</translation>
    </message>
    <message id="refusal.reservation_exceeds.charge">
        <source>Set aside here: {left}</source>
        <translation>本机预留：{left}</translation>
    </message>
    <message id="refusal.reservation_exceeds.charge.next">
        <source>Take some off, or choose another tender.</source>
        <translation>请减少商品，或换一种付款方式。</translation>
    </message>
    <message id="refusal.reservation_exceeds.next">
        <source>Take some off, and redeem the rest apart.</source>
        <translation>请减少件数，其余分开核销。</translation>
    </message>
    <message id="refusal.reservation_recalled">
        <source>What was set aside was called back</source>
        <translation>预留已被收回</translation>
    </message>
    <message id="refusal.reservation_recalled.next">
        <source>Redeem online, or pay another way.</source>
        <translation>请联机核销，或改用其他方式付款。</translation>
    </message>
    <message id="refusal.revocation_unproven">
        <source>A server says this till is revoked, and does not prove it</source>
        <translation>有服务器称本机已被撤销，但没有证明</translation>
    </message>
    <message id="refusal.revocation_unproven.next">
        <source>Sell on: nothing is handed in until a server proves who it is, and it is asked again by itself. Call head office if this stays.</source>
        <translation>请继续销售：在服务器证明身份之前不会上交，系统会自动再问。如一直如此，请联系总部。</translation>
    </message>
    <message id="refusal.revoked_queue_full">
        <source>Head office takes no more of this till&apos;s queue</source>
        <translation>总部不再接收本机的队列</translation>
    </message>
    <message id="refusal.revoked_queue_full.next">
        <source>It was revoked long ago. What is left stays on this machine; call head office.</source>
        <translation>本机早已被撤销。其余记录保留在本机；请联系总部。</translation>
    </message>
    <message id="refusal.sealing_key_missing">
        <source>This till cannot make members yet</source>
        <translation>这台收银机还不能新建会员</translation>
    </message>
    <message id="refusal.sealing_key_missing.next">
        <source>Connect it to the server once; everything else works.</source>
        <translation>请先连接一次服务器；其他业务照常。</translation>
    </message>
    <message id="refusal.server_address_wrong">
        <source>This is not a server&apos;s address</source>
        <translation>这不是服务器地址</translation>
    </message>
    <message id="refusal.server_address_wrong.next">
        <source>It looks like https://tills.example.com; head office tells it.</source>
        <translation>格式如 https://tills.example.com，请向总部询问。</translation>
    </message>
    <message id="refusal.server_too_old">
        <source>Head office&apos;s server is older than this program</source>
        <translation>总部服务器版本比本程序旧</translation>
    </message>
    <message id="refusal.server_too_old.next">
        <source>What is recorded is kept and sent. Call head office.</source>
        <translation>已记录的内容会保留并上传。请联系总部。</translation>
    </message>
    <message id="refusal.shift_already_open">
        <source>The shift is open already</source>
        <translation>班次已经开了</translation>
    </message>
    <message id="refusal.shift_already_open.next">
        <source>You can sell.</source>
        <translation>可以直接收银。</translation>
    </message>
    <message id="refusal.shift_not_open">
        <source>No shift is open</source>
        <translation>还没有开班</translation>
    </message>
    <message id="refusal.shift_not_open.next">
        <source>Open a shift first.</source>
        <translation>请先开班。</translation>
    </message>
    <message id="refusal.signature_invalid">
        <source>Head office does not accept this till&apos;s signature</source>
        <translation>总部不接受本机的签名</translation>
    </message>
    <message id="refusal.signature_invalid.next">
        <source>Records are kept and sent again by themselves. If it stays, call head office.</source>
        <translation>记录已保留，会自动重发。如一直如此，请联系总部。</translation>
    </message>
    <message id="refusal.signature_missing">
        <source>Head office could not tell that this till asked</source>
        <translation>总部无法确认请求来自本机</translation>
    </message>
    <message id="refusal.signature_missing.next">
        <source>Records are kept and sent again by themselves. If it stays, call head office: something between changes what is sent.</source>
        <translation>记录已保留，会自动重发。如一直如此，请联系总部：途中有设备改动了所发内容。</translation>
    </message>
    <message id="refusal.slip_not_printed_yet">
        <source>The original is still waiting</source>
        <translation>原件还在排队，未打印</translation>
    </message>
    <message id="refusal.slip_not_printed_yet.next">
        <source>It comes out when the printer is back.</source>
        <translation>打印机恢复后会自动打出。</translation>
    </message>
    <message id="refusal.slip_unknown">
        <source>No such slip</source>
        <translation>找不到这张小票</translation>
    </message>
    <message id="refusal.slip_unknown.next">
        <source>Choose it from the list.</source>
        <translation>请在列表里选。</translation>
    </message>
    <message id="refusal.slip_unknown.orders">
        <source>This till did not print {number}</source>
        <translation>本机没有小票 {number}</translation>
    </message>
    <message id="refusal.slip_unknown.orders.next">
        <source>Check the number; look another till&apos;s slip up there.</source>
        <translation>核对号码；别的收银机的小票请到那台查。</translation>
    </message>
    <message id="refusal.template_invalid">
        <source>The slip template is broken</source>
        <translation>小票模板有误</translation>
    </message>
    <message id="refusal.template_invalid.next">
        <source>Call head office.</source>
        <translation>请联系总部。</translation>
    </message>
    <message id="refusal.tender_insufficient">
        <source>Not enough money: {short} short</source>
        <translation>收的钱不够，还差 {short}</translation>
    </message>
    <message id="refusal.tender_insufficient.next">
        <source>Check what was received.</source>
        <translation>请核对实收金额。</translation>
    </message>
    <message id="refusal.tender_not_allowed">
        <source>The extra of a redemption takes cash or card only</source>
        <translation>核销加价只收现金或银行卡</translation>
    </message>
    <message id="refusal.tender_not_allowed.next">
        <source>Choose another tender.</source>
        <translation>请改选支付方式。</translation>
    </message>
    <message id="refusal.tender_unknown">
        <source>Unknown tender</source>
        <translation>不认识这种支付方式</translation>
    </message>
    <message id="refusal.tender_unknown.next">
        <source>Choose another tender.</source>
        <translation>请改选支付方式。</translation>
    </message>
    <message id="refusal.terminal_revoked">
        <source>Head office has revoked this till</source>
        <translation>这台收银机已被总部撤销</translation>
    </message>
    <message id="refusal.terminal_revoked.next">
        <source>What is recorded will still be handed in, and the data stays. Call head office; to go on, this machine is paired anew: pos-app pair CODE --anew.</source>
        <translation>已有记录仍会上交，数据保留在本机。请联系总部；如要继续使用，请重新配对本机：pos-app pair 配对码 --anew。</translation>
    </message>
    <message id="refusal.terminal_unknown">
        <source>Head office does not know this till</source>
        <translation>总部不认识这台收银机</translation>
    </message>
    <message id="refusal.terminal_unknown.next">
        <source>Call head office.</source>
        <translation>请联系总部。</translation>
    </message>
    <message id="refusal.till_too_old">
        <source>This program is too old</source>
        <translation>程序版本太旧</translation>
    </message>
    <message id="refusal.till_too_old.next">
        <source>Update it. What is recorded is still sent.</source>
        <translation>请升级程序。已记录的内容仍会上传。</translation>
    </message>
    <message id="refusal.transaction_unknown">
        <source>No such transaction</source>
        <translation>没有这笔交易</translation>
    </message>
    <message id="refusal.transaction_unknown.next">
        <source>Check the number.</source>
        <translation>请核对编号。</translation>
    </message>
    <message id="refusal.transaction_unknown.orders">
        <source>No such number</source>
        <translation>没有这个号码</translation>
    </message>
    <message id="refusal.transaction_unknown.orders.next">
        <source>Check the number, or scan the slip.</source>
        <translation>核对号码，或扫小票。</translation>
    </message>
    <message id="refusal.uses_exhausted">
        <source>Not enough uses: {uses_left} left</source>
        <translation>次数不够，只剩 {uses_left} 次</translation>
    </message>
    <message id="refusal.uses_exhausted.next">
        <source>Take some off, choose another pass, or sell more uses.</source>
        <translation>减少件数、换一张卡，或售卡续次。</translation>
    </message>
    <message id="refusal.uses_per_day_exceeded">
        <source>At most {limit} a day; {used_today} used today</source>
        <translation>每天最多 {limit} 次，今日已用 {used_today} 次</translation>
    </message>
    <message id="refusal.uses_per_day_exceeded.next">
        <source>Take some off, or choose another pass.</source>
        <translation>减少件数，或换一张卡。</translation>
    </message>
    <message id="refusal.uses_per_order_exceeded">
        <source>At most {limit} per order</source>
        <translation>每单最多 {limit} 次</translation>
    </message>
    <message id="refusal.uses_per_order_exceeded.next">
        <source>Put the rest on another order.</source>
        <translation>其余请另开一单。</translation>
    </message>
    <message id="result.next">
        <source>Next customer</source>
        <translation>下一位</translation>
    </message>
    <message id="result.slips">
        <source>Slips</source>
        <translation>小票</translation>
    </message>
    <message id="revoked.detail">
        <source>{waits} Head office decides about each record: call them. To go on with this machine, pair it anew: pos-app pair CODE --anew</source>
        <translation>{waits}记录不会丢失，由总部逐笔处理。请联系总部；要继续使用本机，请重新配对：pos-app pair 配对码 --anew</translation>
    </message>
    <message id="revoked.handed_in">
        <source>All records are handed in.</source>
        <translation>全部记录已上交。</translation>
    </message>
    <message id="revoked.pending" numerus="yes">
        <source>{n} records wait to be handed in.</source>
        <translation>
            <numerusform>还有 {n} 条记录待上交，会自动上交。</numerusform>
        </translation>
    </message>
    <message id="revoked.title">
        <source>Head office has revoked this till: it sells nothing more</source>
        <translation>总部已撤销这台收银机，不能再销售</translation>
    </message>
    <message id="risk.and">
        <source>,</source>
        <translation>、</translation>
    </message>
    <message id="risk.bounds">
        <source>Up to {operation} at a time, {day} per member and day; offline time left: {span}.</source>
        <translation>每次最多 {operation}，每位会员每天 {day}，离线最长还有 {span}。</translation>
    </message>
    <message id="risk.enterprise_card">
        <source>{amount} of enterprise cards</source>
        <translation>企业卡 {amount}</translation>
    </message>
    <message id="risk.help.fine">
        <source>The next contact with the server restores it.</source>
        <translation>下次连上总部后额度恢复。</translation>
    </message>
    <message id="risk.help.forked">
        <source>This till&apos;s records do not match head office&apos;s: no redemptions offline. Call head office.</source>
        <translation>本机记录与总部不一致，不能离线核销。请联系总部。</translation>
    </message>
    <message id="risk.help.frozen">
        <source>The clock cannot be trusted; connect to the server once.</source>
        <translation>时钟不可信：请连接一次总部。</translation>
    </message>
    <message id="risk.help.no_policy">
        <source>Head office allows no redemptions offline.</source>
        <translation>总部不允许离线核销。</translation>
    </message>
    <message id="risk.help.other">
        <source>Reason: {code}</source>
        <translation>原因：{code}</translation>
    </message>
    <message id="risk.help.revoked">
        <source>Head office has revoked this till: it may not sell. Its records will still be handed in; call head office.</source>
        <translation>本机已被总部撤销，不能销售。记录仍会上交，请联系总部。</translation>
    </message>
    <message id="risk.help.too_old">
        <source>Too long without contact: the next contact with the server restores it.</source>
        <translation>离线太久：连上总部后恢复。</translation>
    </message>
    <message id="risk.help.used_up">
        <source>Used up: the next contact with the server restores it.</source>
        <translation>额度已用完：连上总部后恢复。</translation>
    </message>
    <message id="risk.left">
        <source>{left} of {cap} uses</source>
        <translation>剩 {left} / {cap} 次</translation>
    </message>
    <message id="risk.none">
        <source>None</source>
        <translation>无</translation>
    </message>
    <message id="risk.personal_card">
        <source>{amount} of personal cards</source>
        <translation>个人卡 {amount}</translation>
    </message>
    <message id="risk.tickets">
        <source>{amount} tickets</source>
        <translation>门票 {amount} 张</translation>
    </message>
    <message id="risk.unused">
        <source>Head office allows {allowed}; this version of the till takes them online only.</source>
        <translation>总部允许{allowed}；本版本只在线扣款，离线不用。</translation>
    </message>
    <message id="risk.what">
        <source>Redeem {uses} of {pass_name} at risk: no network, and the clock is unproven</source>
        <translation>风险核销 {pass_name} {uses}：无网络，且时钟未经确认</translation>
    </message>
    <message id="risk.what.card">
        <source>Take {amount} set aside here: no network, and the clock is unproven</source>
        <translation>使用本机预留的 {amount}：无网络，且时钟未经确认</translation>
    </message>
    <message id="scan.digits">
        <source>Digits (F2)</source>
        <translation>数字键盘 (F2)</translation>
    </message>
    <message id="scan.find">
        <source>Find member</source>
        <translation>查找会员</translation>
    </message>
    <message id="scan.pad.title">
        <source>Full phone number, or its last four digits</source>
        <translation>输入完整手机号，或后四位</translation>
    </message>
    <message id="scan.placeholder">
        <source>Code or phone</source>
        <translation>扫会员码 / 输手机号</translation>
    </message>
    <message id="scan.spoken">
        <source>Member code or phone</source>
        <translation>会员码或手机号</translation>
    </message>
    <message id="scanner.error">
        <source>Fault</source>
        <translation>摄像头故障</translation>
    </message>
    <message id="scanner.help.error">
        <source>Try another USB port, or choose another camera under Scanners.</source>
        <translation>请换一个 USB 口，或在“扫码设备”里换摄像头。</translation>
    </message>
    <message id="scanner.help.lost">
        <source>Plug the camera or scanner in again; it comes back by itself. Use the phone number meanwhile.</source>
        <translation>请重新插好摄像头或扫码枪，会自动恢复；其间可用手机号查找。</translation>
    </message>
    <message id="scanner.help.none">
        <source>Drop a picture of the code on the window, or use the phone number.</source>
        <translation>可把二维码图片拖进窗口，或输入手机号。</translation>
    </message>
    <message id="scanner.help.offline">
        <source>Plug the camera or scanner in again; it comes back by itself. Use the phone number meanwhile.</source>
        <translation>请重新插好摄像头或扫码枪，会自动恢复；其间可用手机号查找。</translation>
    </message>
    <message id="scanner.help.other">
        <source>Check camera and scanner.</source>
        <translation>请检查摄像头和扫码枪。</translation>
    </message>
    <message id="scanner.lost">
        <source>Scanner lost</source>
        <translation>扫码中断</translation>
    </message>
    <message id="scanner.none">
        <source>None</source>
        <translation>无摄像头</translation>
    </message>
    <message id="scanner.offline">
        <source>Scanner lost</source>
        <translation>扫码中断</translation>
    </message>
    <message id="scanner.other">
        <source>State {code}</source>
        <translation>状态 {code}</translation>
    </message>
    <message id="scanner.ready">
        <source>Ready</source>
        <translation>可扫码</translation>
    </message>
    <message id="scanner.starting">
        <source>Starting</source>
        <translation>启动中</translation>
    </message>
    <message id="scanner.view.error">
        <source>The camera does not open</source>
        <translation>摄像头打不开</translation>
    </message>
    <message id="scanner.view.lost">
        <source>Camera unplugged; it comes back when plugged in</source>
        <translation>摄像头断开，重新插上会自动恢复</translation>
    </message>
    <message id="scanner.view.none">
        <source>No camera: drop a picture of the code here</source>
        <translation>没有摄像头：可拖入二维码图片</translation>
    </message>
    <message id="scanner.view.offline">
        <source>Camera unplugged; it comes back when plugged in</source>
        <translation>摄像头断开，重新插上会自动恢复</translation>
    </message>
    <message id="scanner.view.other">
        <source>Camera: {code}</source>
        <translation>摄像头状态 {code}</translation>
    </message>
    <message id="scanner.view.ready">
        <source>Waiting for a picture…</source>
        <translation>等待画面…</translation>
    </message>
    <message id="scanner.view.starting">
        <source>Opening the camera…</source>
        <translation>正在打开摄像头…</translation>
    </message>
    <message id="set_aside.detail">
        <source>Only this till can use it, also without a network. What is not used goes back by itself, at the latest at the end of the shift.</source>
        <translation>只有本机能用，没有网络也能用。没用完的会自动退回，最迟在交班时。</translation>
    </message>
    <message id="set_aside.give_back">
        <source>Give back</source>
        <translation>退回预留</translation>
    </message>
    <message id="set_aside.here">
        <source>Set aside here until {time}: {amount}, {what}</source>
        <translation>本机预留 {amount}（{what}），{time} 前有效</translation>
    </message>
    <message id="set_aside.none">
        <source>Nothing is set aside</source>
        <translation>没有预留</translation>
    </message>
    <message id="set_aside.none.detail">
        <source>A member can scan the code at the right with a phone.</source>
        <translation>会员可用手机扫右侧的码预留。</translation>
    </message>
    <message id="set_aside.of_card">
        <source>card</source>
        <translation>卡余额</translation>
    </message>
    <message id="set_aside.origin.hq">
        <source>by head office</source>
        <translation>总部预留</translation>
    </message>
    <message id="set_aside.origin.lease">
        <source>for a regular</source>
        <translation>常客预留</translation>
    </message>
    <message id="set_aside.origin.member">
        <source>by the member</source>
        <translation>会员自己预留</translation>
    </message>
    <message id="set_aside.origin.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="set_aside.state.closing">
        <source>Given back, to be sent</source>
        <translation>已退回，待上传</translation>
    </message>
    <message id="set_aside.state.expired">
        <source>Ended</source>
        <translation>已到期</translation>
    </message>
    <message id="set_aside.state.open">
        <source>Open</source>
        <translation>可用</translation>
    </message>
    <message id="set_aside.state.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="set_aside.state.recalled">
        <source>Called back</source>
        <translation>总部收回中</translation>
    </message>
    <message id="set_aside.title">
        <source>Set aside for this till</source>
        <translation>本机预留</translation>
    </message>
    <message id="set_aside.until">
        <source>until {time}</source>
        <translation>至 {time}</translation>
    </message>
    <message id="set_aside.who">
        <source>Member not known here</source>
        <translation>本机没有的会员</translation>
    </message>
    <message id="settings.about">
        <source>This till</source>
        <translation>本机</translation>
    </message>
    <message id="settings.bundle">
        <source>Write a file for support</source>
        <translation>生成支持文件</translation>
    </message>
    <message id="settings.bundle.detail">
        <source>Log, crash reports and checks of this till; no customer&apos;s data.</source>
        <translation>含日志、故障报告和自检结果，不含顾客资料。</translation>
    </message>
    <message id="settings.bundle.done">
        <source>Send this file to support</source>
        <translation>请把此文件发给技术支持</translation>
    </message>
    <message id="settings.camera">
        <source>Camera</source>
        <translation>扫码摄像头</translation>
    </message>
    <message id="settings.camera.detail">
        <source>You can also drop a picture of a code on the window.</source>
        <translation>也可以把二维码图片拖到窗口里。</translation>
    </message>
    <message id="settings.customer">
        <source>Customer display</source>
        <translation>顾客屏</translation>
    </message>
    <message id="settings.customer.off">
        <source>Off</source>
        <translation>不用</translation>
    </message>
    <message id="settings.customer.window">
        <source>In a window</source>
        <translation>用窗口显示</translation>
    </message>
    <message id="settings.language">
        <source>Language</source>
        <translation>界面语言</translation>
    </message>
    <message id="settings.lock">
        <source>Locks by itself after</source>
        <translation>无人操作后自动锁定</translation>
    </message>
    <message id="settings.lock.after">
        <source>{n} min</source>
        <translation>{n} 分钟</translation>
    </message>
    <message id="settings.lock.never">
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message id="settings.support">
        <source>Support</source>
        <translation>技术支持</translation>
    </message>
    <message id="settings.theme">
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message id="settings.theme.dark">
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message id="settings.theme.light">
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message id="sheet.back">
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message id="sheet.ending">
        <source>Enter after each code</source>
        <translation>每个码后发送回车</translation>
    </message>
    <message id="sheet.intro">
        <source>Find the make of your scanner below. Cover the other codes with your hand while you scan one.</source>
        <translation>请找到您的扫码枪品牌。扫一个码时，用手遮住其他码。</translation>
    </message>
    <message id="sheet.keyboard">
        <source>Works as a USB keyboard</source>
        <translation>作为 USB 键盘</translation>
    </message>
    <message id="sheet.layout">
        <source>US keyboard</source>
        <translation>美式键盘</translation>
    </message>
    <message id="sheet.not_printed">
        <source>The sheet was not printed. Printer: {why}</source>
        <translation>设置单没有打印。打印机：{why}</translation>
    </message>
    <message id="sheet.not_printed.next">
        <source>Scan the codes from this screen, or print when the printer is ready.</source>
        <translation>可以直接扫屏幕上的码，或等打印机就绪后再打印。</translation>
    </message>
    <message id="sheet.once">
        <source>Scan each code once, from top to bottom; the scanner beeps each time.</source>
        <translation>从上到下每个码扫一次，每次扫码枪会响一声。</translation>
    </message>
    <message id="sheet.others">
        <source>Zebra, Newland, others</source>
        <translation>Zebra、新大陆等其他品牌</translation>
    </message>
    <message id="sheet.others.detail">
        <source>Take the maker&apos;s quick guide and scan its codes for: USB keyboard (HID), US keyboard, Enter (CR) after the code.</source>
        <translation>请用厂家的快速指南，依次扫其中的码：USB 键盘（HID）、美式键盘、码后加回车（CR）。</translation>
    </message>
    <message id="sheet.others.prefix">
        <source>Then set the prefix %% (hex 25 25).</source>
        <translation>然后把前缀设为 %%（十六进制 25 25）。</translation>
    </message>
    <message id="sheet.prefix">
        <source>%% before each code</source>
        <translation>每个码前发送 %%</translation>
    </message>
    <message id="sheet.print">
        <source>Print the sheet</source>
        <translation>打印设置单</translation>
    </message>
    <message id="sheet.printed">
        <source>The sheet is printed</source>
        <translation>设置单已打印</translation>
    </message>
    <message id="sheet.show">
        <source>Set-up sheet</source>
        <translation>设置单</translation>
    </message>
    <message id="sheet.title">
        <source>Scanner set-up</source>
        <translation>扫码枪设置单</translation>
    </message>
    <message id="sheet.try">
        <source>Try it</source>
        <translation>试一试</translation>
    </message>
    <message id="sheet.try.1">
        <source>Code like ours</source>
        <translation>本系统的码</translation>
    </message>
    <message id="sheet.try.2">
        <source>Code of others</source>
        <translation>其他来源的码</translation>
    </message>
    <message id="sheet.try.detail">
        <source>At the till: More, Scanners. Scan both codes; the screen says what arrived and what to do.</source>
        <translation>在收银机上打开：更多 → 扫码设备。扫这两个码，屏幕会显示收到的内容和该怎么做。</translation>
    </message>
    <message id="sheet.unknown">
        <source>Nobody knows whether the sheet came out</source>
        <translation>不确定设置单是否打印出来</translation>
    </message>
    <message id="sheet.unknown.next">
        <source>Look at the printer, and print it again if it is missing.</source>
        <translation>请查看打印机，没有出纸就再打印一次。</translation>
    </message>
    <message id="shift.blind">
        <source>Sums are not shown</source>
        <translation>清点前不显示合计</translation>
    </message>
    <message id="shift.blind.detail">
        <source>You count blind when you close. A colleague who may settle cash differences sees the sums.</source>
        <translation>交班时请按实际清点填写。有“差额”权限的同事可以查看合计。</translation>
    </message>
    <message id="shift.close">
        <source>Close the shift</source>
        <translation>交班</translation>
    </message>
    <message id="shift.closed">
        <source>No shift</source>
        <translation>未开班</translation>
    </message>
    <message id="shift.closed.spoken">
        <source>No shift is open</source>
        <translation>还没有开班</translation>
    </message>
    <message id="shift.drawer">
        <source>Drawer</source>
        <translation>钱箱</translation>
    </message>
    <message id="shift.open">
        <source>Shift open</source>
        <translation>班次进行中</translation>
    </message>
    <message id="shift.open.spoken">
        <source>The shift is open</source>
        <translation>班次进行中</translation>
    </message>
    <message id="shift.opened">
        <source>Opened by {name}, {moment}</source>
        <translation>{name} 于 {moment} 开班</translation>
    </message>
    <message id="shift.shut">
        <source>This till is revoked: no money is moved</source>
        <translation>本机已被停用，不能再动钱箱里的钱</translation>
    </message>
    <message id="shift.shut.detail">
        <source>The shift can still be counted and closed; head office gets the report.</source>
        <translation>仍然可以清点并交班，记录会交给总部。</translation>
    </message>
    <message id="shift.title">
        <source>Shift</source>
        <translation>班次</translation>
    </message>
    <message id="shift.x">
        <source>X report</source>
        <translation>X 报表</translation>
    </message>
    <message id="shift.x.card_charged">
        <source>Paid from card balance</source>
        <translation>储值卡付款金额</translation>
    </message>
    <message id="shift.x.card_charges">
        <source>Card balance payments</source>
        <translation>储值卡付款</translation>
    </message>
    <message id="shift.x.detail">
        <source>The shift&apos;s sums so far; it closes nothing.</source>
        <translation>本班到现在的合计，不打印、不清零。</translation>
    </message>
    <message id="shift.x.expected">
        <source>Expected · {tender}</source>
        <translation>应有 · {tender}</translation>
    </message>
    <message id="shift.x.float">
        <source>Float</source>
        <translation>备用金</translation>
    </message>
    <message id="shift.x.given_back">
        <source>Given back · {tender}</source>
        <translation>退款 · {tender}</translation>
    </message>
    <message id="shift.x.no_sales">
        <source>Drawer openings</source>
        <translation>开钱箱</translation>
    </message>
    <message id="shift.x.orders">
        <source>Sales</source>
        <translation>销售单</translation>
    </message>
    <message id="shift.x.pass_sales">
        <source>Passes sold</source>
        <translation>次卡销售</translation>
    </message>
    <message id="shift.x.redemptions">
        <source>Redemptions</source>
        <translation>次卡核销</translation>
    </message>
    <message id="shift.x.refunds">
        <source>Refunds</source>
        <translation>退款</translation>
    </message>
    <message id="shift.x.reprints">
        <source>Reprints</source>
        <translation>补打</translation>
    </message>
    <message id="shift.x.taken">
        <source>Taken · {tender}</source>
        <translation>收款 · {tender}</translation>
    </message>
    <message id="shift.x.top_ups">
        <source>Top-ups</source>
        <translation>充值</translation>
    </message>
    <message id="shift.x.uses">
        <source>Uses redeemed</source>
        <translation>核销次数</translation>
    </message>
    <message id="shut.detail">
        <source>This till is revoked</source>
        <translation>本机已被总部撤销</translation>
    </message>
    <message id="shut.paid.detail">
        <source>Only if the customer has paid: head office decides about it. If not, empty the basket and take nothing.</source>
        <translation>仅在顾客已付款时记账，由总部处理。如未付款，请清空本单，不要收款。</translation>
    </message>
    <message id="shut.paid.title">
        <source>Already paid? Record it</source>
        <translation>顾客已付款？请记账</translation>
    </message>
    <message id="shut.redeem.detail">
        <source>Give back what was paid and empty the basket.</source>
        <translation>请退回已收的钱，并清空本单。</translation>
    </message>
    <message id="shut.redeem.title">
        <source>Uses cannot be taken off any more</source>
        <translation>不能再扣次数</translation>
    </message>
    <message id="shut.title">
        <source>No new sales</source>
        <translation>不能开新单</translation>
    </message>
    <message id="sign_in.busy">
        <source>Checking…</source>
        <translation>正在核对…</translation>
    </message>
    <message id="sign_in.loading">
        <source>Fetching data from head office</source>
        <translation>正在从总部下载数据</translation>
    </message>
    <message id="sign_in.loading.detail">
        <source>You can sign in as soon as the staff list has arrived.</source>
        <translation>收银员名单到达后即可登录。</translation>
    </message>
    <message id="sign_in.pin">
        <source>PIN</source>
        <translation>PIN 码</translation>
    </message>
    <message id="sign_in.submit">
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message id="sign_in.title">
        <source>Enter your PIN</source>
        <translation>输入 PIN 登录</translation>
    </message>
    <message id="sign_in.training">
        <source>Training</source>
        <translation>培训</translation>
    </message>
    <message id="slip.copy">
        <source>Reprint {n}</source>
        <translation>副本 {n}</translation>
    </message>
    <message id="slip.kind.CARD_CHARGE_SLIP">
        <source>Card payment ticket</source>
        <translation>储值卡消费小票</translation>
    </message>
    <message id="slip.kind.CASH_MOVEMENT_SLIP">
        <source>Cash movement slip</source>
        <translation>现金进出单</translation>
    </message>
    <message id="slip.kind.PASS_REDEMPTION_SLIP">
        <source>Redemption slip</source>
        <translation>核销凭证</translation>
    </message>
    <message id="slip.kind.PASS_SALE_SLIP">
        <source>Pass sale slip</source>
        <translation>售卡凭证</translation>
    </message>
    <message id="slip.kind.REFUND_SLIP">
        <source>Refund slip</source>
        <translation>退款凭证</translation>
    </message>
    <message id="slip.kind.SALES_TICKET">
        <source>Sales ticket</source>
        <translation>销售小票</translation>
    </message>
    <message id="slip.kind.SALE_REFUND_SLIP">
        <source>Refund slip of a sale</source>
        <translation>销售退款凭证</translation>
    </message>
    <message id="slip.kind.TOPUP_SLIP">
        <source>Top-up slip</source>
        <translation>充值凭证</translation>
    </message>
    <message id="slip.kind.Z_REPORT">
        <source>Z report</source>
        <translation>Z 报表</translation>
    </message>
    <message id="slip.kind.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="slip.state.copy_ordered">
        <source>Copy ordered</source>
        <translation>已改印副本</translation>
    </message>
    <message id="slip.state.handed_over">
        <source>Handed over</source>
        <translation>已送出</translation>
    </message>
    <message id="slip.state.not_printed">
        <source>Not printed</source>
        <translation>未打印</translation>
    </message>
    <message id="slip.state.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="slip.state.printed">
        <source>Printed</source>
        <translation>已打印</translation>
    </message>
    <message id="slip.state.queued">
        <source>Waiting</source>
        <translation>等待打印</translation>
    </message>
    <message id="slip.state.sending">
        <source>Printing</source>
        <translation>打印中</translation>
    </message>
    <message id="slip.state.unknown">
        <source>Unsure</source>
        <translation>不确定</translation>
    </message>
    <message id="slip.unknown.ask">
        <source>Printing was cut off. Look at the printer: is the paper there?</source>
        <translation>打印中断，无法确定。请看打印机：纸出来了吗？</translation>
    </message>
    <message id="slip.unknown.no">
        <source>No, print a copy</source>
        <translation>没有，补打副本</translation>
    </message>
    <message id="slip.unknown.yes">
        <source>Yes, it is complete</source>
        <translation>已完整打印</translation>
    </message>
    <message id="slip.waits">
        <source>It comes out when the printer is back.</source>
        <translation>打印机恢复后会自动打出。</translation>
    </message>
    <message id="slips.none">
        <source>No slips yet</source>
        <translation>还没有小票</translation>
    </message>
    <message id="slips.reprint_last">
        <source>Reprint last (F9)</source>
        <translation>补打上一张 (F9)</translation>
    </message>
    <message id="slips.title">
        <source>Latest slips</source>
        <translation>最近小票</translation>
    </message>
    <message id="span.days" numerus="yes">
        <source>{n} days</source>
        <translation>
            <numerusform>{n} 天</numerusform>
        </translation>
    </message>
    <message id="span.hours">
        <source>{n} h</source>
        <translation>{n} 小时</translation>
    </message>
    <message id="span.minutes">
        <source>{n} min</source>
        <translation>{n} 分钟</translation>
    </message>
    <message id="span.seconds">
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message id="spending.at_risk">
        <source>Offline: redeem with the member&apos;s offline code, up to a limit. Sales go on as usual.</source>
        <translation>离线中：请扫会员的离线码核销，限量；售卡和收款照常。</translation>
    </message>
    <message id="spending.frozen">
        <source>Offline and the clock is unproven: redeeming needs a manager. Sales go on as usual.</source>
        <translation>离线且时钟未经确认：核销需店长批准；售卡和收款照常。</translation>
    </message>
    <message id="spending.none">
        <source>Offline: no redemptions. Sales go on as usual.</source>
        <translation>离线中：暂不能核销次卡；售卡和收款照常。</translation>
    </message>
    <message id="spending.online">
        <source>Redemptions are confirmed online.</source>
        <translation>次卡核销在线确认。</translation>
    </message>
    <message id="spending.other">
        <source>Offline ({code}).</source>
        <translation>离线中（{code}）。</translation>
    </message>
    <message id="spending.reserved">
        <source>Offline: {amount} set aside here until {time}. Redeem as usual.</source>
        <translation>离线中：本机预留 {amount}，{time} 前照常核销。</translation>
    </message>
    <message id="spending.reserved.frozen">
        <source>The clock is unproven: a manager must approve.</source>
        <translation>时钟未经确认，需店长批准。</translation>
    </message>
    <message id="split.add">
        <source>Add a payment</source>
        <translation>再收一笔</translation>
    </message>
    <message id="split.amount">
        <source>Amount</source>
        <translation>金额</translation>
    </message>
    <message id="split.card">
        <source>The card&apos;s balance pays alone</source>
        <translation>会员余额不能和其他方式分开付</translation>
    </message>
    <message id="split.card.detail">
        <source>Undo the parts taken first, or take the rest another way.</source>
        <translation>请先撤销已收的款项，或用其他方式收余款。</translation>
    </message>
    <message id="split.excess">
        <source>Too much</source>
        <translation>多收</translation>
    </message>
    <message id="split.excess.amount">
        <source>{amount} too much: undo a part</source>
        <translation>多收 {amount}，请撤销一笔</translation>
    </message>
    <message id="split.hint">
        <source>An amount, then how it is paid. No amount: all that is left.</source>
        <translation>先输金额，再点付款方式；不输就是付余下全部。</translation>
    </message>
    <message id="split.left">
        <source>Left to pay</source>
        <translation>还差</translation>
    </message>
    <message id="split.paid">
        <source>Paid in full</source>
        <translation>已付清</translation>
    </message>
    <message id="split.single">
        <source>One tender instead</source>
        <translation>改用一种方式</translation>
    </message>
    <message id="split.title">
        <source>Split payment</source>
        <translation>分开付款</translation>
    </message>
    <message id="split.undo">
        <source>Undo {tender} {amount}</source>
        <translation>撤销 {tender} {amount}</translation>
    </message>
    <message id="starting.detail">
        <source>Opening this till&apos;s journal…</source>
        <translation>正在打开本机账本…</translation>
    </message>
    <message id="starting.retry">
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message id="starting.title">
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message id="tab.pass">
        <source>On pass</source>
        <translation>本卡项目</translation>
    </message>
    <message id="tender.alipay">
        <source>Alipay</source>
        <translation>支付宝</translation>
    </message>
    <message id="tender.bank_card">
        <source>Card</source>
        <translation>银行卡</translation>
    </message>
    <message id="tender.bizum">
        <source>Bizum</source>
        <translation>Bizum</translation>
    </message>
    <message id="tender.card">
        <source>Card balance (F6)</source>
        <translation>会员余额 (F6)</translation>
    </message>
    <message id="tender.card.spoken">
        <source>Pay from the card&apos;s balance: scan the member&apos;s code</source>
        <translation>用会员卡余额付款：扫会员动态码</translation>
    </message>
    <message id="tender.cash">
        <source>Cash</source>
        <translation>现金</translation>
    </message>
    <message id="tender.other">
        <source>{code}</source>
        <translation>{code}</translation>
    </message>
    <message id="tender.platform">
        <source>Platform</source>
        <translation>平台</translation>
    </message>
    <message id="tender.split">
        <source>Split</source>
        <translation>分开付</translation>
    </message>
    <message id="tender.split.spoken">
        <source>Pay with several tenders</source>
        <translation>用几种方式一起付</translation>
    </message>
    <message id="tender.wechat">
        <source>WeChat</source>
        <translation>微信</translation>
    </message>
    <message id="tile.covered">
        <source>Covered</source>
        <translation>含卡 · 0 元</translation>
    </message>
    <message id="till_code.detail">
        <source>No network here? A member with a phone scans it, sets uses or money aside for this till, and shows you the code that appears.</source>
        <translation>店里没有网络时，会员用手机扫此码，为本机预留次数或余额，再出示手机上的码。</translation>
    </message>
    <message id="till_code.none">
        <source>There is none in training: no phone would find a server.</source>
        <translation>培训模式没有本机码：手机找不到服务器。</translation>
    </message>
    <message id="till_code.not_printed">
        <source>It was not printed</source>
        <translation>没有打印出来</translation>
    </message>
    <message id="till_code.page">
        <source>Our network is down. Your pass still works.</source>
        <translation>本店断网，次卡照常可用</translation>
    </message>
    <message id="till_code.print">
        <source>Print for the counter</source>
        <translation>打印放在柜台</translation>
    </message>
    <message id="till_code.printed">
        <source>Printed.</source>
        <translation>已打印。</translation>
    </message>
    <message id="till_code.spoken">
        <source>QR code of this till</source>
        <translation>本机二维码</translation>
    </message>
    <message id="till_code.step.1">
        <source>Scan the code with your phone.</source>
        <translation>用手机扫码</translation>
    </message>
    <message id="till_code.step.2">
        <source>Choose what to set aside for this till.</source>
        <translation>选择为本机预留的次数或金额</translation>
    </message>
    <message id="till_code.step.3">
        <source>Show the code that appears.</source>
        <translation>向店员出示手机上的码</translation>
    </message>
    <message id="till_code.title">
        <source>This till&apos;s code</source>
        <translation>本机码</translation>
    </message>
    <message id="till_code.typed">
        <source>Or type this on the member page:</source>
        <translation>或在会员页输入：</translation>
    </message>
    <message id="top_up.amount">
        <source>Other amount</source>
        <translation>其他金额</translation>
    </message>
    <message id="top_up.asked">
        <source>Company card {card} · asked by {name}</source>
        <translation>企业卡 {card} · 经办人 {name}</translation>
    </message>
    <message id="top_up.bonus">
        <source>Bonus</source>
        <translation>赠送</translation>
    </message>
    <message id="top_up.brings">
        <source>+{amount}</source>
        <translation>送 {amount}</translation>
    </message>
    <message id="top_up.change">
        <source>For: {card}. Choose another card</source>
        <translation>充值到：{card}。换一张卡</translation>
    </message>
    <message id="top_up.credit">
        <source>Credit</source>
        <translation>到账</translation>
    </message>
    <message id="top_up.lost">
        <source>The company chosen is gone</source>
        <translation>所选企业卡已不可用</translation>
    </message>
    <message id="top_up.lost.detail">
        <source>This member does not administer it any more, or its card has ended. Choose again; nothing was topped up.</source>
        <translation>该会员已不是其管理员，或该卡已停用。请重新选择；尚未充值。</translation>
    </message>
    <message id="top_up.member">
        <source>Scan the member first</source>
        <translation>请先扫会员码</translation>
    </message>
    <message id="top_up.member.detail">
        <source>The credit goes to the member&apos;s card.</source>
        <translation>充值到会员的卡里。</translation>
    </message>
    <message id="top_up.no_bonus">
        <source>none</source>
        <translation>无</translation>
    </message>
    <message id="top_up.offline">
        <source>Topping up works offline</source>
        <translation>离线也可以充值</translation>
    </message>
    <message id="top_up.offline.detail">
        <source>The credit comes with the sync; the slip says so.</source>
        <translation>联网同步后到账，小票上会写明。</translation>
    </message>
    <message id="top_up.order">
        <source>Top-up</source>
        <translation>充值</translation>
    </message>
    <message id="top_up.other_currency">
        <source>{currency} is not taken here</source>
        <translation>本店不收 {currency}</translation>
    </message>
    <message id="top_up.own">
        <source>Own card</source>
        <translation>本人卡</translation>
    </message>
    <message id="top_up.paid">
        <source>Top-up</source>
        <translation>充值</translation>
    </message>
    <message id="top_up.prompt">
        <source>Choose an amount</source>
        <translation>请选择金额</translation>
    </message>
    <message id="top_up.prompt.detail">
        <source>Bonus and credit will show here.</source>
        <translation>这里会显示赠送金额和到账金额。</translation>
    </message>
    <message id="top_up.title">
        <source>Amount</source>
        <translation>充值金额</translation>
    </message>
    <message id="top_up.which">
        <source>Which card?</source>
        <translation>充值到哪张卡？</translation>
    </message>
    <message id="training.anew">
        <source>Start again</source>
        <translation>重新开始</translation>
    </message>
    <message id="training.anew.detail">
        <source>The practice stays as it is when you leave. Emptied, it is as on the first day: no shift, no sales, cards as at the start.</source>
        <translation>退出后练习数据会保留。清空后就像第一天：没有班次和销售，会员卡恢复原样。</translation>
    </message>
    <message id="training.bar">
        <source>TRAINING</source>
        <translation>培训模式</translation>
    </message>
    <message id="training.bar.detail">
        <source>Nothing is sold, booked or sent</source>
        <translation>不算销售，不入账，不上传</translation>
    </message>
    <message id="training.begin">
        <source>Begin training</source>
        <translation>开始培训</translation>
    </message>
    <message id="training.leave">
        <source>Leave training</source>
        <translation>退出培训</translation>
    </message>
    <message id="training.people">
        <source>Members to practise with</source>
        <translation>练习会员</translation>
    </message>
    <message id="training.people.detail">
        <source>A tap is a scan of their code. By phone they are found by the last four digits.</source>
        <translation>点一下就等于扫了他的会员码，也可以按手机尾号查找。</translation>
    </message>
    <message id="training.person">
        <source>Phone …{phone} · {uses}</source>
        <translation>尾号 {phone} · {uses}</translation>
    </message>
    <message id="training.person.pin">
        <source>{person} · PIN {pin}</source>
        <translation>{person} · 密码 {pin}</translation>
    </message>
    <message id="training.pins">
        <source>PIN {cashier}: cashier. PIN {manager}: manager.</source>
        <translation>收银员 PIN {cashier}，店长 PIN {manager}</translation>
    </message>
    <message id="training.point.kept">
        <source>This till waits, locked, as it is</source>
        <translation>本机锁定等候，一切照旧</translation>
    </message>
    <message id="training.point.kept.detail">
        <source>Shift, basket and held baskets stay. What still has to be sent or printed goes on.</source>
        <translation>班次、当前单和挂单都保留，待上传和待打印的照常进行。</translation>
    </message>
    <message id="training.point.leave">
        <source>Leave at any time</source>
        <translation>随时可以退出</translation>
    </message>
    <message id="training.point.leave.detail">
        <source>The orange bar has the button. Then sign in with your own PIN.</source>
        <translation>橙色栏上有退出按钮，之后用自己的 PIN 登录。</translation>
    </message>
    <message id="training.point.people">
        <source>Your catalogue, made-up members</source>
        <translation>真实商品，虚构会员</translation>
    </message>
    <message id="training.point.people.detail">
        <source>Sell, redeem, top up, charge, refund and close a shift. Nothing of it is sold, booked or sent.</source>
        <translation>可以练习销售、核销、充值、扣款、退款和交班，全部不算销售、不入账、不上传。</translation>
    </message>
    <message id="training.point.slips">
        <source>Slips are marked and worth nothing</source>
        <translation>小票有标记，无效</translation>
    </message>
    <message id="training.point.slips.detail">
        <source>Numbers of their own, no check code. The drawer stays shut.</source>
        <translation>单独编号，没有校验码，钱箱不会打开。</translation>
    </message>
    <message id="training.reset">
        <source>Empty the practice</source>
        <translation>清空练习数据</translation>
    </message>
    <message id="training.reset.sure">
        <source>Yes, empty it now</source>
        <translation>确定清空</translation>
    </message>
    <message id="training.staff">
        <source>Staff to practise as</source>
        <translation>练习员工</translation>
    </message>
    <message id="training.staff.detail">
        <source>What a cashier may not do alone, the manager approves by PIN.</source>
        <translation>收银员不能单独完成的操作，由店长输入 PIN 批准。</translation>
    </message>
    <message id="trial.caps_lock">
        <source>Capitals and small letters are swapped</source>
        <translation>大小写颠倒了</translation>
    </message>
    <message id="trial.caps_lock.next">
        <source>Switch Caps Lock off on the keyboard, then scan again.</source>
        <translation>请关闭键盘的大写锁定（Caps Lock），再扫一次。</translation>
    </message>
    <message id="trial.closing">
        <source>The digits above reach both edges when the paper width is right. This is no receipt.</source>
        <translation>纸宽正确时，上面的数字顶到左右两边。此页不是小票。</translation>
    </message>
    <message id="trial.count">
        <source>{got} of {of}</source>
        <translation>{got} / {of}</translation>
    </message>
    <message id="trial.cut">
        <source>Characters were lost</source>
        <translation>有字符丢失</translation>
    </message>
    <message id="trial.cut.next">
        <source>Hold the scanner closer and scan again. If it stays so, use another cable or USB port.</source>
        <translation>请靠近一些再扫一次。仍不行时，请更换数据线或 USB 口。</translation>
    </message>
    <message id="trial.detail">
        <source>Scan a code from this screen or from the sheet. Nothing is sold or looked up here.</source>
        <translation>请扫屏幕上或设置单上的码。这里不会销售，也不会查找会员。</translation>
    </message>
    <message id="trial.ending.enter">
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message id="trial.ending.none">
        <source>None</source>
        <translation>无</translation>
    </message>
    <message id="trial.ending.tab">
        <source>Tab</source>
        <translation>Tab 键</translation>
    </message>
    <message id="trial.extra">
        <source>Complete, with something added</source>
        <translation>完整，但多了字符</translation>
    </message>
    <message id="trial.extra.next">
        <source>Remove prefix, suffix and code identifier from the scanner with its guide.</source>
        <translation>请按扫码枪说明书取消前缀、后缀和码制标识。</translation>
    </message>
    <message id="trial.fact.changed">
        <source>Changed</source>
        <translation>被改动</translation>
    </message>
    <message id="trial.fact.count">
        <source>Characters</source>
        <translation>字符数</translation>
    </message>
    <message id="trial.fact.ending">
        <source>Ending key</source>
        <translation>结束键</translation>
    </message>
    <message id="trial.fact.extra">
        <source>Added characters</source>
        <translation>多出字符</translation>
    </message>
    <message id="trial.fact.source">
        <source>Read by</source>
        <translation>来自</translation>
    </message>
    <message id="trial.fact.speed">
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message id="trial.fact.text">
        <source>Arrived</source>
        <translation>收到</translation>
    </message>
    <message id="trial.good">
        <source>Complete and unchanged</source>
        <translation>完整无误</translation>
    </message>
    <message id="trial.good.next">
        <source>This scanner is ready for work.</source>
        <translation>这把扫码枪可以使用了。</translation>
    </message>
    <message id="trial.heading">
        <source>Try a scanner</source>
        <translation>试扫</translation>
    </message>
    <message id="trial.layout_de">
        <source>Read through a German keyboard</source>
        <translation>被按德语键盘读取了</translation>
    </message>
    <message id="trial.layout_de.next">
        <source>Set the scanner to a German keyboard with its guide, or this computer to Spanish or English.</source>
        <translation>请按扫码枪说明书设为德语键盘，或把本机键盘改为西班牙语或英语。</translation>
    </message>
    <message id="trial.layout_es">
        <source>Read through a Spanish keyboard</source>
        <translation>被按西班牙语键盘读取了</translation>
    </message>
    <message id="trial.layout_es.next">
        <source>Our codes arrive unchanged. For other codes, set the scanner to a Spanish keyboard with its guide.</source>
        <translation>本系统的码不受影响。要扫其他码，请按扫码枪说明书设为西班牙语键盘。</translation>
    </message>
    <message id="trial.layout_fr">
        <source>Read through a French keyboard</source>
        <translation>被按法语键盘读取了</translation>
    </message>
    <message id="trial.layout_fr.next">
        <source>Set the scanner to a French keyboard with its guide, or this computer to Spanish or English.</source>
        <translation>请按扫码枪说明书设为法语键盘，或把本机键盘改为西班牙语或英语。</translation>
    </message>
    <message id="trial.layout_other">
        <source>Some characters were changed</source>
        <translation>部分字符被改动</translation>
    </message>
    <message id="trial.layout_other.next">
        <source>Set the scanner to this computer&apos;s keyboard language with its guide.</source>
        <translation>请按扫码枪说明书，把键盘语言设为与本机一致。</translation>
    </message>
    <message id="trial.no_ending">
        <source>Complete, but no Enter came after it</source>
        <translation>完整，但后面没有回车</translation>
    </message>
    <message id="trial.no_ending.next">
        <source>It works; with Enter it is quicker and safer. The sheet has the code for it.</source>
        <translation>可以使用；加上回车更快更稳。设置单上有对应的码。</translation>
    </message>
    <message id="trial.no_prefix">
        <source>Complete, but without the prefix</source>
        <translation>完整，但没有前缀</translation>
    </message>
    <message id="trial.no_prefix.next">
        <source>Scan the prefix code on the sheet, or choose “Nothing” at the left.</source>
        <translation>请扫设置单上的前缀码，或在左侧选择“不发送”。</translation>
    </message>
    <message id="trial.other_code">
        <source>Another code was read</source>
        <translation>读到的是别的码</translation>
    </message>
    <message id="trial.other_code.next">
        <source>Scan one of the two test codes above.</source>
        <translation>请扫上面两个测试码之一。</translation>
    </message>
    <message id="trial.printer">
        <source>Printer</source>
        <translation>打印机</translation>
    </message>
    <message id="trial.slow">
        <source>Complete, but typed slowly</source>
        <translation>完整，但输入太慢</translation>
    </message>
    <message id="trial.slow.next">
        <source>Set the delay between keys to none with its guide, or use the prefix: then speed does not matter.</source>
        <translation>请按说明书取消按键间隔，或使用前缀：这样快慢都没关系。</translation>
    </message>
    <message id="trial.source.camera">
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message id="trial.source.picture">
        <source>Picture file</source>
        <translation>图片文件</translation>
    </message>
    <message id="trial.source.serial">
        <source>Serial scanner</source>
        <translation>串口扫码枪</translation>
    </message>
    <message id="trial.source.wedge">
        <source>Keyboard scanner</source>
        <translation>键盘扫码枪</translation>
    </message>
    <message id="trial.speed">
        <source>{n} ms per key</source>
        <translation>每键 {n} 毫秒</translation>
    </message>
    <message id="trial.time">
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message id="trial.title">
        <source>TEST PAGE</source>
        <translation>测试页</translation>
    </message>
    <message id="trial.waiting">
        <source>Waiting for a scan</source>
        <translation>等待扫码</translation>
    </message>
    <message id="trial.waiting.detail">
        <source>You will see here what arrived, and what to do if something is wrong.</source>
        <translation>这里会显示收到的内容，以及有问题时该怎么办。</translation>
    </message>
    <message id="trouble.already_running">
        <source>The till is running already</source>
        <translation>收银程序已经打开</translation>
    </message>
    <message id="trouble.already_running.next">
        <source>Use the other window, or close it first.</source>
        <translation>请用已打开的窗口，或先关掉它。</translation>
    </message>
    <message id="trouble.data_dir_unwritable">
        <source>The data folder cannot be written</source>
        <translation>本机数据夹不能写入</translation>
    </message>
    <message id="trouble.data_dir_unwritable.next">
        <source>Check its permissions: {path}</source>
        <translation>请检查权限：{path}</translation>
    </message>
    <message id="trouble.disk_full">
        <source>The disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message id="trouble.disk_full.next">
        <source>Free some space and try again.</source>
        <translation>请腾出空间后再试。</translation>
    </message>
    <message id="trouble.journal_damaged">
        <source>The journal file is damaged</source>
        <translation>本机账本文件损坏</translation>
    </message>
    <message id="trouble.journal_damaged.next">
        <source>Nothing was changed; delete nothing. Stop using this till, copy the whole data folder and call head office: {path}</source>
        <translation>未作任何改动，请勿删除。请停用本机、复制整个数据夹并联系总部：{path}</translation>
    </message>
    <message id="trouble.journal_emptied">
        <source>The journal is gone or empty</source>
        <translation>本机账本不见了或是空的</translation>
    </message>
    <message id="trouble.journal_emptied.next">
        <source>This till has recorded here. If the file was moved, put it back as it was; otherwise stop using this till and call head office: {path}</source>
        <translation>本机曾在此记账。若文件被移走，请原样放回；否则请停用本机并联系总部：{path}</translation>
    </message>
    <message id="trouble.journal_garbled">
        <source>A value in the journal is damaged</source>
        <translation>本机账本中有一项数据损坏</translation>
    </message>
    <message id="trouble.journal_garbled.next">
        <source>Nothing was changed; delete nothing. Stop using this till, copy the whole data folder and call head office. Value: {key}</source>
        <translation>未作任何改动，请勿删除。请停用本机、复制整个数据夹并联系总部。损坏项：{key}</translation>
    </message>
    <message id="trouble.journal_log_damaged">
        <source>The newest records of the journal are damaged</source>
        <translation>本机账本最新的记录损坏</translation>
    </message>
    <message id="trouble.journal_log_damaged.next">
        <source>Nothing was changed; delete nothing. Stop using this till, copy the whole data folder and call head office: {path}</source>
        <translation>未作任何改动，请勿删除。请停用本机、复制整个数据夹并联系总部：{path}</translation>
    </message>
    <message id="trouble.journal_missing">
        <source>There is no journal here</source>
        <translation>这里没有本机账本</translation>
    </message>
    <message id="trouble.journal_missing.next">
        <source>Check the data folder: {path}</source>
        <translation>请核对数据夹：{path}</translation>
    </message>
    <message id="trouble.journal_newer">
        <source>A newer version wrote this journal</source>
        <translation>本机账本由更新的版本写成</translation>
    </message>
    <message id="trouble.journal_newer.next">
        <source>Install the newer version; the journal is left as it is.</source>
        <translation>请安装新版本；账本原样保留。</translation>
    </message>
    <message id="trouble.journal_of_training">
        <source>This folder holds a till&apos;s training data, not a till.</source>
        <translation>这个文件夹里是收银机的培训数据，不是收银机本身。</translation>
    </message>
    <message id="trouble.journal_of_training.next">
        <source>Start the till with its own data folder.</source>
        <translation>请用收银机自己的数据文件夹启动。</translation>
    </message>
    <message id="trouble.journal_older">
        <source>An older version wrote this journal</source>
        <translation>本机账本由旧版本写成</translation>
    </message>
    <message id="trouble.journal_older.next">
        <source>Nothing was changed. Start the till once; it upgrades the journal.</source>
        <translation>未作任何改动。请先启动一次收银程序，账本会自动升级。</translation>
    </message>
    <message id="trouble.journal_unavailable">
        <source>The journal cannot be opened</source>
        <translation>本机账本打不开</translation>
    </message>
    <message id="trouble.journal_unavailable.next">
        <source>Try again, or call head office ({reason}).</source>
        <translation>请重试；仍不行请联系总部（{reason}）。</translation>
    </message>
    <message id="trouble.key_missing">
        <source>This till&apos;s key is missing</source>
        <translation>找不到本机密钥</translation>
    </message>
    <message id="trouble.key_missing.next">
        <source>Nothing is lost. Call head office to restore it.</source>
        <translation>数据不会丢。请联系总部恢复密钥。</translation>
    </message>
    <message id="trouble.other">
        <source>Fault ({code})</source>
        <translation>出了故障（{code}）</translation>
    </message>
    <message id="trouble.other.next">
        <source>Try again; if it stays, tell head office this code.</source>
        <translation>请重试；仍不行请联系总部并报此代码。</translation>
    </message>
    <message id="trouble.server_nonsense">
        <source>That address is not a till server</source>
        <translation>对方不是收银服务器</translation>
    </message>
    <message id="trouble.server_nonsense.next">
        <source>Check the address.</source>
        <translation>请核对地址。</translation>
    </message>
    <message id="trouble.server_unreachable">
        <source>The server does not answer</source>
        <translation>连不上服务器</translation>
    </message>
    <message id="trouble.server_unreachable.certificate">
        <source>This server&apos;s certificate does not hold</source>
        <translation>该服务器的证书无效</translation>
    </message>
    <message id="trouble.server_unreachable.certificate.next">
        <source>Do not go on: somebody may stand in between. Check date and address, and ask head office.</source>
        <translation>请勿继续：可能有人冒充服务器。请检查日期和地址，并联系总部。</translation>
    </message>
    <message id="trouble.server_unreachable.next">
        <source>Check network and address.</source>
        <translation>请检查网络和地址。</translation>
    </message>
    <message id="trouble.server_unreachable.other">
        <source>Something else answers at this address</source>
        <translation>该地址上的不是我们的服务器</translation>
    </message>
    <message id="trouble.server_unreachable.other.next">
        <source>Ask head office for the address of the server.</source>
        <translation>请向总部核对服务器地址。</translation>
    </message>
    <message id="trouble.server_unreachable.tls">
        <source>No secure connection to this server</source>
        <translation>无法与该服务器建立安全连接</translation>
    </message>
    <message id="trouble.server_unreachable.tls.next">
        <source>It does not speak https. Only inside the shop&apos;s own network an address may begin with http://</source>
        <translation>它不支持 https。仅在店内网络中，地址可以以 http:// 开头。</translation>
    </message>
    <message id="untouched.charge">
        <source>Nothing was charged or sold.</source>
        <translation>没有扣款，没有出售。</translation>
    </message>
    <message id="untouched.close">
        <source>The shift is still open.</source>
        <translation>还没有交班。</translation>
    </message>
    <message id="untouched.create_member">
        <source>No member was created.</source>
        <translation>没有新建会员。</translation>
    </message>
    <message id="untouched.move">
        <source>Nothing was recorded.</source>
        <translation>没有登记任何进出。</translation>
    </message>
    <message id="untouched.redeem">
        <source>No use was taken, nothing was charged.</source>
        <translation>没有扣次，没有收款。</translation>
    </message>
    <message id="untouched.refund">
        <source>Nothing was refunded.</source>
        <translation>没有退款。</translation>
    </message>
    <message id="untouched.reprint">
        <source>Nothing was printed.</source>
        <translation>没有打印。</translation>
    </message>
    <message id="untouched.sell">
        <source>Nothing was charged.</source>
        <translation>没有收款。</translation>
    </message>
    <message id="untouched.sell_pass">
        <source>Nothing was sold or charged.</source>
        <translation>没有售卡，没有收款。</translation>
    </message>
    <message id="untouched.top_up">
        <source>Nothing was topped up or taken.</source>
        <translation>没有充值，没有收款。</translation>
    </message>
    <message id="uses" numerus="yes">
        <source>{n} uses</source>
        <translation>
            <numerusform>{n} 次</numerusform>
        </translation>
    </message>
</context>
</TS>
