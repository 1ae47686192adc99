# Postfix delivers to us over SMTP and LMTP, from a configuration and queue of its own.
program postfix postconf -d mail_version || return 0

postfix_start() {
    local dir=$work/postfix
    mkdir -p "$dir"/{conf,queue,data}
    chmod 755 "$dir" "$dir"/conf
    chown postfix "$dir/data"
    cat >"$dir/conf/main.cf" <<EOF
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = postfix.interop.example
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtp_tls_security_level = may
smtp_dns_support_level = disabled
message_size_limit = 60000000
transport_maps = inline:{ {lmtp.interop.example = lmtp:inet:$HOST:$LMTP} }
relayhost = [$HOST]:$SMTP
maillog_file = $dir/log
maillog_file_prefixes = $dir
EOF
    cat >"$dir/conf/master.cf" <<'EOF'
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
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
lmtp unix - - n - - lmtp
retry unix - - n - - error
error unix - - n - - error
discard unix - - n - - discard
showq unix n - n - - showq
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
EOF
    [ ! -f /etc/postfix/dynamicmaps.cf ] || cp /etc/postfix/dynamicmaps.cf "$dir/conf/"
    [ ! -d /etc/postfix/dynamicmaps.cf.d ] || cp -r /etc/postfix/dynamicmaps.cf.d "$dir/conf/"
    postfix -c "$dir/conf" start
}
postfix_stop() { postfix -c "$work/postfix/conf" stop; }
postfix_send() { # SUBJECT [make options]: through the relay host, that is our SMTP port
    local subject=$1
    shift
    mail make "$work/m" "$subject" "$@"
    tr -d '\r' <"$work/m" | sendmail -C "$work/postfix/conf" -i -f sender@interop.example -- "$USER_NAME"
    mail expect "$work/m" --how suffix || { tail -n 8 "$work/postfix/log"; return 1; }
    wait_log "$work/postfix/log" 'postfix/smtp\[.*status=sent \(250 2'
}
postfix_lmtp() {
    local conf=$work/postfix/conf
    postconf -c "$conf" -e "transport_maps = inline:{ {${USER_NAME#*@} = lmtp:inet:$HOST:$LMTP} }"
    postfix -c "$conf" reload
    mail make "$work/m" "postfix over LMTP"
    tr -d '\r' <"$work/m" | sendmail -C "$conf" -i -f sender@interop.example -- "$USER_NAME"
    mail expect "$work/m" --how suffix || { tail -n 8 "$work/postfix/log"; return 1; }
    wait_log "$work/postfix/log" 'postfix/lmtp\[.*status=sent \(250 2'
}
postfix_unknown() { # a refusal at RCPT comes back to the sender as a bounce, with our words in it
    tr -d '\r' <"$work/m" | sendmail -C "$work/postfix/conf" -i -f sender@interop.example -- "nobody.here@${USER_NAME#*@}"
    wait_log "$work/postfix/log" 'nobody.here@.*dsn=5\.1\.1.*status=bounced'
}
check "postfix: starts" postfix_start
stoppers+=(postfix_stop)
check "postfix: delivers over SMTP" postfix_send "postfix over SMTP"
check "postfix: 8-bit text over SMTP" postfix_send "postfix eight bit" --utf8
check "postfix: 50 MB over SMTP" postfix_send "postfix fifty megabytes" --size 50000000
check "postfix: delivers over LMTP" postfix_lmtp
check "postfix: an unknown user is a permanent refusal" postfix_unknown
postfix_stop >/dev/null 2>&1
