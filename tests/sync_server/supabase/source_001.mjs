// Source 001 §7.1 and source 000 §2B with the published client, as a page would run them. What stands between the lines of
// dashes is the source's own text. Questions go out as JSON lines and are answered on standard input; the last line is
// everything that was seen.

import { createInterface } from "node:readline";
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const ask = async (question) => {
  console.log(JSON.stringify({ question }));
  return (await answers.next()).value;
};
const seen = {};

// ----------------------------------------------------------------------------------------------------------------------
import { createClient } from "@supabase/supabase-js";
const supabase = createClient(process.env.NEXT_PUBLIC_SUPABASE_URL, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY);
// ----------------------------------------------------------------------------------------------------------------------

// Source 000 §2B: nobody has a token, so one is made.
const before = await supabase.auth.getSession();
const silent = await supabase.auth.signInAnonymously();
seen.anonymous = {
  before: before.data.session,
  error: silent.error,
  isAnonymous: silent.data.user.is_anonymous,
  role: silent.data.user.role,
  kept: (await supabase.auth.getUser()).data.user.id === silent.data.user.id,
  claims: (await supabase.auth.getClaims()).data.claims.is_anonymous,
  cards: (await supabase.from("personal_cards").select()).data,
};
await supabase.auth.signOut();
seen.afterSignOut = await supabase.auth.getSession();

// The member, through their phone.
const phone = process.env.PHONE;
const wrong = await supabase.auth.verifyOtp({ phone, token: "000000", type: "sms" });
seen.wrongCode = [wrong.error.status, wrong.error.code, wrong.error.message];
seen.sent = (await supabase.auth.signInWithOtp({ phone })).error;
seen.soon = (await supabase.auth.signInWithOtp({ phone })).error.code;
const entered = await supabase.auth.verifyOtp({ phone, token: await ask("code"), type: "sms" });
seen.member = [entered.error, entered.data.user.id];
const { data: own } = await supabase.from("personal_cards").select("id, balance").single();
const cardId = own.id;
seen.ownCard = own;

// ----------------------------------------------------------------------------------------------------------------------
// 旋转二维码（个人卡）
const { data: qr } = await supabase.rpc("rotate_card_qr", { p_card_id: cardId, p_card_type: "personal" });
// qr: [{ qr_plain, qr_expires_at }]
// ----------------------------------------------------------------------------------------------------------------------
seen.qr = [qr.length, Object.keys(qr[0])];
const scannedQR = qr[0].qr_plain;

seen.refused = (await supabase.rpc("merchant_charge_by_qr", {
  p_merchant_code: "M001", p_qr_plain: scannedQR, p_raw_price: 1 })).error;

// The cashier, at the same screen.
await supabase.auth.signOut();
const locked = await supabase.auth.signInWithPassword({ email: "cashier@test.example", password: "wrong" });
seen.wrongPassword = [locked.error.status, locked.error.code, locked.error.message];
await supabase.auth.signInWithPassword({ email: "cashier@test.example", password: process.env.PASSWORD });

// ----------------------------------------------------------------------------------------------------------------------
// 商户收款（扫码后）
const { data: pay, error } = await supabase.rpc("merchant_charge_by_qr", {
  p_merchant_code: "M001",
  p_qr_plain: scannedQR,
  p_raw_price: 25.50,
  p_reason: "coffee",
  p_tag: { sku: "latte" },
  p_idempotency_key: crypto.randomUUID()
});
// ----------------------------------------------------------------------------------------------------------------------
seen.pay = pay;
seen.payError = error;

seen.used = (await supabase.rpc("merchant_charge_by_qr", {
  p_merchant_code: "M001", p_qr_plain: scannedQR, p_raw_price: 1 })).error;
seen.noFunction = (await supabase.rpc("no_such_function", { a: 1 })).error.code;
seen.badType = (await supabase.rpc("rotate_card_qr", { p_card_id: "7", p_card_type: "personal" })).error;

// Reading.
const sales = await supabase.from("transactions").select("tx_no, sku:tag->>sku, amount_minor", { count: "exact" })
  .eq("tx_no", pay[0].tx_no).order("created_at", { ascending: false }).range(0, 9);
seen.sales = [sales.data, sales.count, sales.status];
const head = await supabase.from("transactions").select("*", { count: "exact", head: true });
seen.head = [head.data, head.count, head.error];
seen.none = await supabase.from("transactions").select().eq("tx_no", "ZF0").maybeSingle().then(({ data, error }) => [data, error]);
seen.notOne = (await supabase.from("transactions").select().eq("tx_no", "ZF0").single()).error;
seen.some = (await supabase.from("transactions").select("status").or(`tx_no.eq.${pay[0].tx_no},tx_no.eq.x`)
  .in("status", ["completed", "pending"]).not("tx_no", "is", null).like("tx_no", "ZF%")).data;
seen.written = await supabase.from("transactions").insert({ tx_no: "ZF1" }).then(({ error, status }) => [error, status]);
seen.changed = (await supabase.from("personal_cards").update({ balance: 9 }).eq("id", cardId)).error.code;
seen.deleted = (await supabase.from("transactions").delete().eq("tx_no", pay[0].tx_no)).error.code;
seen.noTable = (await supabase.from("accounts").select()).error.code;
seen.noColumn = (await supabase.from("transactions").select("nothing")).error;

// Staying signed in, and leaving.
const first = (await supabase.auth.getSession()).data.session;
const next = await supabase.auth.refreshSession();
seen.refreshed = [next.error, next.data.session.refresh_token !== first.refresh_token, next.data.user.email];
seen.left = (await supabase.auth.signOut()).error;
seen.gone = (await supabase.auth.refreshSession({ refresh_token: next.data.session.refresh_token })).error.code;

console.log(JSON.stringify({ seen }));
process.exit(0);
