# Exim delivers to us over SMTP and LMTP. Debian's exim4 and postfix exclude each other, so its packages
# are unpacked into a folder (EXIM_ROOT, see .ci/run) and run with an /etc of their own in a private mount namespace.
: "${EXIM_ROOT:=/var/cache/mansio-interop/exim}"
exim_bin=$EXIM_ROOT/usr/sbin/exim4
if [ ! -x "$exim_bin" ]; then
    failed=$((failed + 1))
    echo "FAIL  exim is not unpacked in $EXIM_ROOT"
    return 0
fi

exim() { # runs the binary as installed: it finds its user and configuration in /etc
    unshare -m sh -c 'mount --make-rprivate / && mount --bind "$1/etc" /etc && shift && exec "$@"' sh "$work/exim" "$exim_bin" "$@"
}
exim_config() { # TRANSPORT: remote_smtp or remote_lmtp
    local dir=$work/exim
    mkdir -p "$dir"/spool/{input,msglog,db,log}
    if [ ! -d "$dir/etc" ]; then
        cp -a /etc "$dir/etc"
        mkdir -p "$dir/etc/exim4"
        grep -q '^Debian-exim:' "$dir/etc/passwd" || echo "Debian-exim:x:64999:64999::$dir/spool:/usr/sbin/nologin" >>"$dir/etc/passwd"
        grep -q '^Debian-exim:' "$dir/etc/group" || echo 'Debian-exim:x:64999:' >>"$dir/etc/group"
    fi
    chown -R "$(sed -n 's/^Debian-exim:[^:]*:\([0-9]*\):\([0-9]*\):.*/\1:\2/p' "$dir/etc/passwd")" "$dir/spool"
    cat >"$dir/etc/exim4/exim4.conf" <<EOF
exim_path = $exim_bin
spool_directory = $dir/spool
log_file_path = $dir/spool/log/%slog
primary_hostname = exim.interop.example
message_size_limit = 60M
keep_environment =
tls_advertise_hosts =
untrusted_set_sender = *
trusted_users = root
never_users =
begin routers
here:
  driver = manualroute
  route_list = * $HOST
  self = send
  transport = $1
begin transports
remote_smtp:
  driver = smtp
  port = $SMTP
  hosts_try_dane =
  tls_tempfail_tryclear = false
  message_linelength_limit = 2000
remote_lmtp:
  driver = smtp
  protocol = lmtp
  port = $LMTP
  hosts_try_dane =
  message_linelength_limit = 2000
begin retry
* * F,1h,1m
EOF
}
exim_send() { # TRANSPORT SUBJECT [make options]
    local transport=$1 subject=$2
    shift 2
    exim_config "$transport"
    mail make "$work/m" "$subject" "$@"
    # -odf: the delivery happens before this command returns
    tr -d '\r' <"$work/m" | exim -odf -i -f sender@interop.example -- "$USER_NAME"
    mail expect "$work/m" --how suffix || { cat "$work"/exim/spool/log/*; return 1; }
    grep " => $USER_NAME .*T=$transport .*C=\"250 2" "$work/exim/spool/log/mainlog" | tail -n 1
}
exim_queue_run() { # two messages queued first, then delivered by one queue run
    exim_config remote_smtp
    mail make "$work/a" "exim queued one"
    mail make "$work/b" "exim queued two" --utf8
    tr -d '\r' <"$work/a" | exim -odq -i -f sender@interop.example -- "$USER_NAME"
    tr -d '\r' <"$work/b" | exim -odq -i -f sender@interop.example -- "$USER_NAME"
    exim -qf
    mail expect "$work/a" --how suffix
    mail expect "$work/b" --how suffix
}
exim_config remote_smtp
echo "#     exim: $(exim -bV 2>/dev/null | head -n 1)"
check "exim: delivers over SMTP" exim_send remote_smtp "exim over SMTP"
check "exim: a queue run delivers two" exim_queue_run
check "exim: 20 MB over SMTP" exim_send remote_smtp "exim twenty megabytes" --size 20000000
check "exim: delivers over LMTP" exim_send remote_lmtp "exim over LMTP"
