# chain: every step of a message on its way between two servers of ours, and between ours and Postfix with OpenDKIM and
# policyd-spf: AUTH -> DKIM -> TLS -> reverse DNS -> SPF -> DKIM -> DMARC -> mailbox. First all is in order; then one step
# after the other is not, each in a domain of its own, because servers remember what the DNS said.
. "$here/town.sh"
program postfix postconf -d mail_version || return 0
program opendkim opendkim -V || return 0
program policyd-spf sh -c 'dpkg-query -W postfix-policyd-spf-python' || return 0
ch=$town/chain
mkdir -p "$ch"
system_python=/usr/bin/python3

# ---- the DNS ----

# Domains of a.test's server and what is in order there:
#   all.test        everything
#   badkey.test     SPF; the DKIM records are of other keys
#   forged.test     nothing, and DMARC says reject
#   doubtful.test   nothing, and DMARC says quarantine
#   spfonly.test    nothing, SPF says -all, and there is no DMARC record
#   noptr.test      everything but the name of the address it sends from
# guard.test, gforged.test and gnoptr.test are the same of the Postfix side.
chain_domains="all badkey forged doubtful spfonly noptr"
chain_zone() {
    local name
    echo '. SOA nobody.test. nobody.test. 1 5 5 5 5'
    echo '1.0.0.127.in-addr.arpa. PTR out.a.test.'
    echo 'out.a.test. A 127.0.0.1'
    echo '10.0.0.127.in-addr.arpa. PTR mx.a.test.'
    echo '16.0.0.127.in-addr.arpa. PTR mx.guard.test.'
    printf 'guard.test. MX 10 mx.guard.test.\nmx.guard.test. A 127.0.0.16\n'
    printf 'plain.test. MX 10 mx.plain.test.\nmx.plain.test. A 127.0.0.17\n'
    for name in $chain_domains; do echo "$name.test. MX 10 mx.a.test."; done
    for name in gforged gnoptr; do echo "$name.test. MX 10 mx.guard.test."; done
    for name in all badkey; do echo "$name.test. TXT \"v=spf1 ip4:127.0.0.1 ip4:127.0.0.10 -all\""; done
    for name in forged doubtful spfonly gforged; do echo "$name.test. TXT \"v=spf1 -all\""; done
    echo 'noptr.test. TXT "v=spf1 ip4:127.0.0.30 -all"'
    echo 'guard.test. TXT "v=spf1 ip4:127.0.0.16 -all"'
    echo 'gnoptr.test. TXT "v=spf1 ip4:127.0.0.31 -all"'
    for name in all badkey forged noptr guard gforged gnoptr; do echo "_dmarc.$name.test. TXT \"v=DMARC1; p=reject\""; done
    echo '_dmarc.doubtful.test. TXT "v=DMARC1; p=quarantine"'
    cat "$ch/keys.zone"
}
# What our own list of keys says is published; where a domain's keys are wrong, those of all.test stand.
chain_keys() {
    house a.test dkim list --json >"$ch/keys.json"
    python3 - "$ch/keys.json" >"$ch/keys.zone" <<'PY'
import json, sys
keys = {(k["domain"], k["selector"]): k for k in json.load(open(sys.argv[1]))["keys"]}
for (domain, selector), key in keys.items():
    if domain.removesuffix(".test") in ("badkey", "forged", "doubtful", "spfonly"):
        kind = key["algorithm"].split("-")[0]
        key = next(k for (d, s), k in keys.items() if d == "all.test" and k["algorithm"].startswith(kind))
    record = key["record"]
    print("%s._domainkey.%s. TXT %s" % (selector, domain, " ".join('"%s"' % record[i : i + 200] for i in range(0, len(record), 200))))
PY
    [ "$(grep -c . "$ch/keys.zone")" -ge 12 ]
    local domain key
    for domain in guard gforged gnoptr; do
        openssl genrsa -out "$ch/$domain.pem" 2048
        key=$domain
        [ "$domain" != gforged ] || key=guard
        echo "s1._domainkey.$domain.test. TXT \"v=DKIM1; k=rsa; \" $(openssl rsa -in "$ch/$key.pem" -pubout -outform DER |
            base64 -w 200 | sed '1s/^/p=/; s/.*/"&"/' | tr '\n' ' ')" >>"$ch/keys.zone"
    done
    chown opendkim "$ch"/g*.pem
    chmod 600 "$ch"/g*.pem
}

# ---- our servers ----

chain_ours() {
    local name line
    printf '[dkim]\nrequire_published = false\n' >>"$town/a.test/mansio.toml"
    sed -i 's/^\[checks\]$/&\nreverse_name = "refuse"\nspf_fail = "refuse"/' "$town/b.test/mansio.toml"
    for name in a.test b.test; do end_process "$(cat "$town/$name/pid")"; done
    house_serve a.test $((base + 3000))
    house_serve b.test $((base + 4000))
    for name in $chain_domains; do
        house a.test domain add "$name.test"
        house a.test alias add "anna@$name.test" anna@a.test
    done
    house a.test route add sender:noptr.test direct --source 127.0.0.30
    house a.test route add plain.test "smtp://127.0.0.17:$town_port" --tls encrypt
    chain_keys
    mapfile -t line < <(chain_zone)
    zones_are "${line[@]}"
    local tries=120
    until house a.test dkim list >"$ch/keys" && [ "$(grep -c 'test m.*: active' "$ch/keys")" -ge 12 ]; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { cat "$ch/keys"; return 1; }
        sleep 0.3
    done
}
anna_b() { # anna@b.test's mail.py
    USER_NAME=anna@b.test PASSWORD=$town_password IMAP=$((base + 4143)) SUBMISSION=$((base + 4587)) mail "$@"
}

# ---- Postfix ----

chain_postfix_start() {
    mkdir -p "$ch"/{conf,queue,data,mail,run}
    chmod 755 "$ch" "$ch/conf"
    chmod 777 "$ch/run"
    chown postfix "$ch/data"
    chown nobody:nogroup "$ch/mail"
    town_certificate "$ch" mx.guard.test
    chain_opendkim verifier 'Mode v' 'AuthservID mx.guard.test' 'InternalHosts 192.0.2.250' 'On-BadSignature reject' 'On-KeyNotFound reject'
    printf '%s.test %s.test:s1:%s.pem\n' guard guard "$ch/guard" gforged gforged "$ch/gforged" gnoptr gnoptr "$ch/gnoptr" >"$ch/keytable"
    printf '*@%s.test %s.test\n' guard guard gforged gforged gnoptr gnoptr >"$ch/signingtable"
    chain_opendkim signer 'Mode s' "KeyTable $ch/keytable" "SigningTable refile:$ch/signingtable" 'Canonicalization relaxed/simple'
    cp "$here/cross/policyd.py" "$ch/"
    cat >"$ch/policyd.conf" <<CF
debugLevel = 1
TestOnly = 1
HELO_reject = Fail
Mail_From_reject = Fail
Header_Type = AR
Authserv_Id = mx.guard.test
skip_addresses = 127.255.255.255/32
CF
    chmod 644 "$ch"/policyd.*
    cat >"$ch/conf/main.cf" <<CF
compatibility_level = 3.6
queue_directory = $ch/queue
data_directory = $ch/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.guard.test
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.9/32
smtp_dns_support_level = disabled
smtp_tls_security_level = encrypt
smtp_bind_address = 127.0.0.16
smtpd_tls_security_level = may
smtpd_tls_loglevel = 1
smtpd_tls_received_header = yes
smtpd_tls_cert_file = $ch/cert.pem
smtpd_tls_key_file = $ch/key.pem
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service unix:private/policyd
smtpd_milters = unix:$ch/run/verifier.sock
non_smtpd_milters = unix:$ch/run/signer.sock
milter_default_action = tempfail
sender_dependent_default_transport_maps = inline:{ {@guard.test = smtp:[127.0.0.11]:$town_port}, {@gforged.test = smtp:[127.0.0.11]:$town_port}, {@gnoptr.test = noptr:[127.0.0.11]:$town_port} }
virtual_alias_domains =
virtual_mailbox_domains = guard.test, plain.test
virtual_mailbox_base = $ch/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
maillog_file = $ch/log
maillog_file_prefixes = $ch
CF
    cat >"$ch/conf/master.cf" <<CF
127.0.0.16:$town_port inet n - n - - smtpd
127.0.0.17:$town_port inet n - n - - smtpd
    -o smtpd_tls_security_level=none
policyd unix - n n - 0 spawn user=nobody argv=$system_python $ch/policyd.py $town_dns $ch/policyd.conf
noptr unix - - n - - smtp
    -o smtp_bind_address=127.0.0.31
cleanup unix n - n - 0 cleanup
pickup unix n - n 60 1 pickup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
showq unix n - n - - showq
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
CF
    [ ! -f /etc/postfix/dynamicmaps.cf ] || cp /etc/postfix/dynamicmaps.cf "$ch/conf/"
    [ ! -d /etc/postfix/dynamicmaps.cf.d ] || cp -r /etc/postfix/dynamicmaps.cf.d "$ch/conf/"
    postfix -c "$ch/conf" start
    wait_address 127.0.0.16 "$town_port" && wait_address 127.0.0.17 "$town_port" || { tail -n 5 "$ch/log"; return 1; }
}
chain_opendkim() { # NAME LINE...
    local name=$1 tries=1200
    shift
    cat >"$ch/$name.unbound" <<CF
server:
  do-not-query-localhost: no
  local-zone: "test." nodefault
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@$town_dns
CF
    {
        printf 'Socket local:%s\nPidFile %s\n' "$ch/run/$name.sock" "$ch/run/$name.pid"
        printf 'Background no\nSyslog no\nUserID opendkim\nUMask 0\nRequireSafeKeys no\n'
        printf 'TemporaryDirectory %s\nResolverConfiguration %s\n' "$ch/run" "$ch/$name.unbound"
        printf '%s\n' "$@"
    } >"$ch/$name.conf"
    opendkim -f -x "$ch/$name.conf" >"$ch/$name.log" 2>&1 </dev/null &
    echo $! >"$ch/$name.pid"
    until [ -S "$ch/run/$name.sock" ]; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { cat "$ch/$name.log"; return 1; }
        sleep 0.1
    done
}
chain_stop() {
    local name
    postfix -c "$ch/conf" stop
    for name in verifier signer; do [ ! -f "$ch/$name.pid" ] || kill "$(cat "$ch/$name.pid")"; done
}

# ---- looking ----

# results FILE: the Authentication-Results fields of a message, unfolded.
results() {
    python3 - "$1" <<'PY'
import re, sys
head = re.sub(rb"\r", b"", open(sys.argv[1], "rb").read()).partition(b"\n\n")[0]
for field in re.split(rb"\n(?![ \t])", head):
    if re.match(rb"(?i)(authentication-results|received|dkim-signature):", field):
        print(re.sub(rb"\s+", b" ", field).decode("utf-8", "replace"))
PY
}
has() { # FILE REGEX...: each fits a line
    local file=$1 regex
    shift
    for regex; do grep -qE -- "$regex" "$file" || { echo "nothing fits: $regex"; cat "$file"; return 1; }; done
}
from_anna() { # DOMAIN TO SUBJECT: submitted
    anna make "$work/m" "$3" --from "anna@$1" --to "$2"
    anna submit "$work/m" "$2" --as "anna@$1"
}
at_anna_b() { # [MAILBOX]: it is there; its fields
    anna_b expect "$work/m" --how suffix --in "${1:-INBOX}" || { house a.test queue list; return 1; }
    anna_b show "$work/m" --in "${1:-INBOX}" >"$ch/shown"
    results "$ch/shown" | tee "$ch/results"
}
from_guard() { # DOMAIN SUBJECT: from Postfix to anna@b.test
    mail make "$work/m" "$2" --from "carla@$1" --to anna@b.test
    tr -d '\r' <"$work/m" | sendmail -C "$ch/conf" -i -f "carla@$1" -- anna@b.test
}

# ---- what a server says of itself ----

preflight() { # DOMAIN CODE REGEX...: of mail of anna in that domain; each regex fits a line
    local domain=$1 wanted=$2 code=0
    shift 2
    house a.test preflight --from "anna@$domain.test" --to carla@guard.test >"$ch/preflight" || code=$?
    [ "$code" = "$wanted" ] || { echo "exit code $code"; cat "$ch/preflight"; return 1; }
    has "$ch/preflight" "$@"
}
chain_preflight() {
    preflight all 0 '^  way +directly to mx\.guard\.test' '^  from +127\.0\.0\.10, which calls itself mx\.a\.test' \
        '^  tls +TLSv1\.3' '^  dkim +signed: d=all\.test' '^  spf pass' '^  dkim pass' '^  dmarc pass' '^Score: 10\.0 of 10$'
    preflight badkey 1 '^  -2\.0 dkim: no DKIM signature holds' '^Score: 8\.0 of 10$'
    preflight forged 1 '^  -1\.5 spf: ' '^  -2\.0 dkim: ' '^  -2\.0 alignment: '
    preflight spfonly 1 '^  -1\.5 dmarc-record: '
    preflight noptr 1 '^  from +127\.0\.0\.30,' '^  -1\.5 reverse-name: 127\.0\.0\.30' '^  -1\.0 helo-name: '
    house a.test preflight --from anna@all.test --to carla@plain.test --json >"$ch/preflight"
    has "$ch/preflight" '"score":"10\.0"' '"tls":"TLSv1\.3'
    house a.test queue list >"$ch/listed"
    ! grep -e '->' "$ch/listed"
    [ ! -d "$ch/mail/box" ] # Nothing has come to the other side.
}

# ---- all is in order ----

chain_green_ours() {
    from_anna all.test anna@b.test "chain from ours to ours"
    at_anna_b
    has "$ch/results" '^Received: from .* by mx\.a\.test .*with [A-Z0-9]*ESMTPSA' \
        '^DKIM-Signature: .*a=rsa-sha256.*d=all\.test' '^DKIM-Signature: .*a=ed25519-sha256.*d=all\.test' \
        '^Received: from mx\.a\.test .*by mx\.b\.test .*with [A-Z0-9]*ESMTPS ' \
        '^Authentication-Results: mx\.b\.test;.*iprev=pass' 'spf=pass[^;]*smtp\.mailfrom="?anna@all\.test' \
        'dkim=pass[^;]*header\.d=all\.test[^;]*rsa-sha256' 'dkim=pass[^;]*header\.d=all\.test[^;]*ed25519-sha256' \
        'dmarc=pass[^;]*header\.from=all\.test'
}
chain_green_to_postfix() {
    from_anna all.test carla@guard.test "chain from ours to postfix"
    local file
    file=$(in_maildir "$ch/mail/box" "chain from ours to postfix")
    results "$file" | tee "$ch/results"
    has "$ch/results" '^Received: from mx\.a\.test .*using TLSv1\.3 .*by mx\.guard\.test' \
        '^Authentication-Results: mx\.guard\.test;.*spf=pass' \
        '^Authentication-Results: mx\.guard\.test;.*dkim=pass[^=]*header\.d=all\.test[^;]*a=rsa-sha256' \
        'dkim=pass[^=]*header\.d=all\.test[^;]*a=ed25519-sha256'
    mail same "$work/m" "$file" --how body
}
chain_green_from_postfix() {
    from_guard guard.test "chain from postfix to ours"
    at_anna_b
    has "$ch/results" '^Received: from mx\.guard\.test .*by mx\.b\.test .*with [A-Z0-9]*ESMTPS ' \
        '^Authentication-Results: mx\.b\.test;.*iprev=pass' 'spf=pass[^;]*smtp\.mailfrom="?carla@guard\.test' \
        'dkim=pass[^;]*header\.d=guard\.test' 'dmarc=pass[^;]*header\.from=guard\.test'
    wait_log "$ch/log" 'to=<anna@b\.test>.*status=sent \(250 2'
}

# ---- one step is not ----

chain_no_auth() { # nothing goes without a log-in, and no wrong one helps
    anna make "$work/m" "chain without log-in" --from anna@all.test --to anna@b.test
    if town_password=wrong anna submit "$work/m" anna@b.test 2>"$ch/no"; then return 1; fi
    has "$ch/no" "535, b'5\.7\.8"
    python3 - "$((base + 3587))" <<'PY'
import smtplib, ssl, sys
with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), "client.example", timeout=240) as s:
    s.starttls(context=ssl._create_unverified_context())
    s.ehlo()
    said = s.mail("anna@all.test")
    assert said[0] == 530 and said[1].startswith(b"5.7.0"), said
PY
}
chain_no_tls() { # where TLS is a must and the other side has none, mail waits and says why
    from_anna all.test carla@plain.test "chain without TLS"
    wait_queue 'plain\.test .*(TLS|STARTTLS)'
    house a.test queue bounce "$(sed -n 's/ .*-> carla@plain.*//p' "$town/queue")"
    anna report "$work/m" carla@plain.test=5.0.0
    if grep -a 'disconnect from.*mail=1' "$ch/log" | grep 127.0.0.17; then return 1; fi
}
chain_refused_ours() { # DOMAIN STATUS: b.test refuses mail of that domain, and the sender learns why
    from_anna "$1.test" anna@b.test "chain refused $1"
    anna report "$work/m" "anna@b.test=$2" || { house a.test queue list; tail -n 3 "$town/b.test/log"; return 1; }
    if anna_b expect "$work/m" --seconds 0 2>/dev/null; then return 1; fi
    if anna_b expect "$work/m" --in Junk --seconds 0 2>/dev/null; then return 1; fi
}
chain_junk_ours() {
    from_anna doubtful.test anna@b.test "chain doubtful"
    at_anna_b Junk
    has "$ch/results" 'spf=fail' 'dkim=fail[^;]*header\.d=doubtful\.test' 'dmarc=fail[^;]*header\.from=doubtful\.test'
}
chain_badkey_ours() { # SPF alone is enough for DMARC; the field says what was wrong
    from_anna badkey.test anna@b.test "chain badkey"
    at_anna_b
    has "$ch/results" 'spf=pass' 'dkim=fail[^;]*header\.d=badkey\.test' 'dmarc=pass[^;]*header\.from=badkey\.test'
    if grep 'dkim=pass' "$ch/results"; then return 1; fi
}
chain_nobody_ours() {
    from_anna all.test nobody.here@b.test "chain to nobody"
    anna report "$work/m" nobody.here@b.test=5.1.1
}
chain_refused_by_postfix() { # DOMAIN STATUS LOG
    from_anna "$1.test" carla@guard.test "chain refused by postfix $1"
    anna report "$work/m" "carla@guard.test=$2"
    wait_log "$ch/log" "$3"
}
chain_refused_from_postfix() { # DOMAIN STATUS
    from_guard "$1.test" "chain refused from postfix $1"
    wait_log "$ch/log" "from=<carla@$1\.test>.*nrcpt=1"
    wait_log "$ch/log" "to=<anna@b\.test>.*dsn=$2, status=bounced \(host 127\.0\.0\.11.*said: 550 $2"
}
stoppers+=(chain_stop)
check "chain: domains, keys and their records" chain_ours
check "chain: postfix, opendkim and policyd-spf start" chain_postfix_start
check "chain: preflight says what is in order, and sends nothing" chain_preflight
check "chain: from ours to ours, all in order" chain_green_ours
check "chain: from ours to postfix, all in order" chain_green_to_postfix
check "chain: from postfix to ours, all in order" chain_green_from_postfix
check "chain: no log-in: 530 and 535" chain_no_auth
check "chain: no TLS where it is a must: mail waits" chain_no_tls
check "chain: no name of the address: 550 5.7.25" chain_refused_ours noptr 5.7.25
check "chain: SPF -all without DMARC: 550 5.7.23" chain_refused_ours spfonly 5.7.23
check "chain: wrong keys, but SPF: delivered, and dkim=fail" chain_badkey_ours
check "chain: wrong keys and SPF -all, DMARC reject: 550 5.7.26" chain_refused_ours forged 5.7.26
check "chain: wrong keys and SPF -all, DMARC quarantine: Junk" chain_junk_ours
check "chain: no mailbox: 550 5.1.1" chain_nobody_ours
check "chain: policyd-spf refuses what SPF says -all to: 550 5.7.23" chain_refused_by_postfix spfonly 5.7.23 'reject: RCPT from .*550 5\.7\.23 <carla@guard\.test>'
check "chain: OpenDKIM refuses wrong keys: 550 5.7.0" chain_refused_by_postfix badkey 5.7.0 'milter-reject: END-OF-MESSAGE.*5\.7\.0'
check "chain: postfix without a name of its address: 550 5.7.25" chain_refused_from_postfix gnoptr '5\.7\.25'
check "chain: postfix with a wrong key and SPF -all: 550 5.7.26" chain_refused_from_postfix gforged '5\.7\.26'
chain_stop >/dev/null 2>&1
