# Our server sends to Postfix, and Postfix sends back: from a configuration and queue of its own.
. "$here/town.sh"
program postfix postconf -d mail_version || return 0
pf=$town/postfix

sending_postfix_start() {
    mkdir -p "$pf"/{conf,queue,data}
    mkdir -p "$pf/mail"
    chmod 755 "$pf" "$pf"/conf
    chown postfix "$pf/data"
    chown nobody:nogroup "$pf/mail"
    town_certificate "$pf" mx.postfix.test
    cat >"$pf/conf/main.cf" <<CF
compatibility_level = 3.6
queue_directory = $pf/queue
data_directory = $pf/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.postfix.test
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.9/32
smtp_dns_support_level = disabled
smtp_tls_security_level = encrypt
transport_maps = inline:{ {a.test = smtp:[127.0.0.10]:$town_port}, {b.test = smtp:[127.0.0.11]:$town_port} }
message_size_limit = 60000000
virtual_mailbox_limit = 0
mailbox_size_limit = 0
smtputf8_enable = yes
smtpd_tls_security_level = may
smtpd_tls_loglevel = 1
smtpd_tls_cert_file = $pf/cert.pem
smtpd_tls_key_file = $pf/key.pem
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_sasl_type = dovecot
smtpd_sasl_path = $pf/auth
virtual_alias_domains =
virtual_alias_maps = inline:{ {echo@postfix.test = anna@a.test}, {écho@postfix.test = anna@a.test}, {late@postfix.test = nobody.here@a.test} }
virtual_mailbox_domains = postfix.test, old.test
virtual_mailbox_base = $pf/mail
virtual_mailbox_maps = regexp:$pf/conf/boxes
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
maillog_file = $pf/log
maillog_file_prefixes = $pf
CF
    printf '/^(ok[0-9]*|sender|remote)@postfix.test$/ box/\n/^ok@old.test$/ old/\n' >"$pf/conf/boxes"
    cat >"$pf/conf/master.cf" <<CF
127.0.0.12:$town_port inet n - n - - smtpd
127.0.0.12:$town_relay inet n - n - - smtpd
    -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes -o virtual_mailbox_domains=postfix.test,old.test
    -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
127.0.0.15:$town_port inet n - n - - smtpd
    -o smtpd_discard_ehlo_keywords=8bitmime,chunking,smtputf8,starttls,pipelining,dsn
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
    [ ! -f /etc/postfix/dynamicmaps.cf ] || cp /etc/postfix/dynamicmaps.cf "$pf/conf/"
    [ ! -d /etc/postfix/dynamicmaps.cf.d ] || cp -r /etc/postfix/dynamicmaps.cf.d "$pf/conf/"
    sending_dovecot_start
    postfix -c "$pf/conf" start
    wait_address 127.0.0.12 "$town_port"
}
sending_dovecot_start() { # only its authentication, for Postfix
    local dir=$pf/dovecot
    mkdir -p "$dir"
    echo "relay:{PLAIN}clavis secreta" >"$dir/users"
    cat >"$dir/dovecot.conf" <<CF
base_dir = $dir/run
state_dir = $dir/state
log_path = $dir/log
protocols =
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_verbose = yes
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u $dir/users
}
userdb {
  driver = static
  args = uid=65534 gid=65534 home=$dir
}
service auth {
  unix_listener $pf/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
CF
    dovecot -c "$dir/dovecot.conf"
}
sending_postfix_stop() {
    postfix -c "$pf/conf" stop
    doveadm -c "$pf/dovecot/dovecot.conf" stop
}
sending_postfix_echo() { # SUBJECT [make options]: there by BDAT under TLS, and back
    round_trip postfix.test "$@"
    wait_log "$pf/log" 'TLS connection established from [^ ]*127\.0\.0\.1.*TLSv1\.3'
    wait_log "$pf/log" 'disconnect from .* starttls=1 .*bdat=[1-9].*quit=1'
    wait_log "$pf/log" 'to=<anna@a\.test>.*orig_to=<echo@postfix\.test>.*status=sent \(250 2'
}
sending_postfix_bytes() { # in a Maildir there, byte for byte
    anna make "$work/m" "postfix keeps it" --from anna@a.test --to ok@postfix.test --utf8
    anna submit "$work/m" ok@postfix.test
    local file
    file=$(in_maildir "$pf/mail/box" "postfix keeps it")
    mail same "$work/m" "$file" --how suffix
    grep -aE '^Return-Path: <anna@a\.test>' "$file"
    wait_gone
}
sending_postfix_utf8() { # an address with letters of the world
    anna make "$work/m" "postfix smtputf8" --from anna@a.test --to écho@postfix.test --utf8
    anna submit "$work/m" écho@postfix.test --smtputf8
    anna expect "$work/m" --how suffix
    anna show "$work/m" | grep -aE 'by mx\.postfix\.test \(Postfix\) with UTF8SMTPS'
    wait_log "$pf/log" 'to=<anna@a\.test>.*orig_to=<[^a-z]*\\?.*cho@postfix\.test>.*status=sent'
}
sending_postfix_old() { # without 8BITMIME, CHUNKING, PIPELINING, STARTTLS: the text arrives in seven bits, and means the same
    anna make "$work/m" "for an old server" --from anna@a.test --to ok@old.test --utf8
    anna submit "$work/m" ok@old.test
    local file
    file=$(in_maildir "$pf/mail/old" "for an old server")
    if LC_ALL=C grep -aP '[\x80-\xff]' "$file"; then return 1; fi
    python3 - "$work/m" "$file" <<'PY'
import email, email.policy, sys
a, b = (email.message_from_bytes(open(f, "rb").read().replace(b"\r\n", b"\n"), policy=email.policy.default) for f in sys.argv[1:])
parts = [[(p.get_content_type(), p.get_content()) for p in m.walk() if not p.is_multipart()] for m in (a, b)]
assert parts[0] == parts[1], parts
PY
    anna make "$work/m" "utf8 for an old server" --from anna@a.test --to öl@old.test
    anna submit "$work/m" öl@old.test --smtputf8
    anna report "$work/m" öl@old.test=5.6.7 # RFC 6531: what cannot be said there comes back
    wait_gone
}
sending_postfix_many() { # 40 are taken, 3 are refused at RCPT: one report, that names exactly these
    local i all=() before
    for i in $(seq 1 40); do all+=("ok$i@postfix.test"); done
    anna make "$work/m" "to many at postfix" --from anna@a.test --to many@postfix.test
    anna submit "$work/m" no1@postfix.test "${all[@]:0:20}" no2@postfix.test "${all[@]:20}" no3@postfix.test
    anna report "$work/m" no1@postfix.test=5.1.1 no2@postfix.test=5.1.1 no3@postfix.test=5.1.1
    for i in "${all[@]}"; do wait_log "$pf/log" "to=<$i>.*status=sent \(delivered to maildir" >/dev/null; done
    [ "$(grep -rlaE '^Subject: to many at postfix' "$pf/mail/box/new" | wc -l)" = 40 ]
    [ "$(grep -acE 'reject: RCPT .*550 5\.1\.1 <no[123]@' "$pf/log")" = 3 ]
    [ "$(grep -aE 'from=<anna@a\.test>.*nrcpt=40 ' "$pf/log" | wc -l)" = 1 ] # one transaction for all
    wait_gone
}
sending_relay() { # a relay host with a log-in, first with the wrong password
    local target=smtp://127.0.0.12:$town_relay
    echo wrong | house a.test route add sender:anna@a.test "$target" --user relay --password-stdin --tls encrypt
    anna make "$work/m" "by a relay with log-in" --from anna@a.test --to ok@postfix.test
    anna submit "$work/m" ok@postfix.test
    wait_queue 'sender:anna@a\.test +held .*535 5\.7\.8' lanes
    wait_queue '-> ok@postfix\.test'
    wait_log "$pf/log" 'SASL PLAIN authentication failed'
    if anna report "$work/m" --seconds 0 2>"$work/none"; then return 1; fi
    grep 'no report' "$work/none" # held: nobody is told that it failed
    echo "clavis secreta" |
        house a.test route add sender:anna@a.test "$target" --user relay --password-stdin --tls encrypt --replace
    local file
    file=$(in_maildir "$pf/mail/box" "by a relay with log-in")
    mail same "$work/m" "$file" --how suffix
    wait_log "$pf/log" 'sasl_method=[A-Z]+, sasl_username=relay'
    wait_gone
    house a.test route remove sender:anna@a.test
}
# Two servers of ours forward a message, and who takes it last finds out too late that it cannot deliver it. The report goes
# back the same way, from one signed reverse-path to the other, to the sender.
sending_srs() {
    house a.test alias add away@a.test hop@b.test
    house b.test alias add hop@b.test late@postfix.test
    mail make "$work/m" "forwarded twice" --from sender@postfix.test --to away@a.test
    tr -d '\r' <"$work/m" | sendmail -C "$pf/conf" -i -f sender@postfix.test -- away@a.test
    wait_log "$pf/log" 'from=<SRS1=[^ ]*@b\.test>.*nrcpt=1'
    wait_log "$pf/log" 'to=<nobody\.here@a\.test>.*orig_to=<late@postfix\.test>.*status=bounced .*550 5\.1\.1'
    wait_log "$pf/log" 'to=<SRS1=[^ ]*@b\.test>.*status=sent'
    wait_log "$town/b.test/log" 'delivered: mx\.a\.test.*to=.?SRS0=[^ ]*postfix\.test=sender@a\.test'
    local file
    file=$(in_maildir "$pf/mail/box" 'Undelivered Mail Returned to Sender')
    grep -aE '^Return-Path: <(MAILER-DAEMON)?>' "$file"
    grep -aE '^To: SRS1=' "$file"
    grep -aE '^Subject: forwarded twice' "$file"
}
stoppers+=(sending_postfix_stop)
check "sending: postfix starts" sending_postfix_start
[ -f "$pf/log" ] || return 0
check "sending: to postfix by BDAT under TLS, and back" sending_postfix_echo "postfix there and back"
check "sending: to postfix, 8-bit text" sending_postfix_echo "postfix eight bit there and back" --utf8
check "sending: to postfix, 25 MB" sending_postfix_echo "postfix 25 MB there and back" --size 25000000
check "sending: to postfix, same bytes" sending_postfix_bytes
check "sending: to postfix, SMTPUTF8" sending_postfix_utf8
check "sending: to a postfix without extensions" sending_postfix_old
check "sending: to postfix, 43 recipients of whom it refuses 3" sending_postfix_many
check "sending: by a relay with log-in, wrong password first" sending_relay
check "sending: forwarded twice with SRS, the report comes home" sending_srs
sending_postfix_stop >/dev/null 2>&1
