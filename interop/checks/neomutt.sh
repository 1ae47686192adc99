# neomutt in a terminal: the screen is read.
program neomutt neomutt -v || return 0
program tmux tmux -V || return 0

mutt_tmux() { tmux -L "mansio-interop-$$" "$@"; }
mutt_screen() { # TEXT: wait until the screen shows it
    local tries=1200
    while [ "$tries" -gt 0 ]; do
        if mutt_tmux capture-pane -p -t m 2>/dev/null | grep -qF -- "$1"; then return 0; fi
        sleep 0.1
        tries=$((tries - 1))
    done
    echo "the screen never showed: $1"
    mutt_tmux capture-pane -p -t m
    return 1
}
mutt_stop() { mutt_tmux kill-server; }
mutt_reads() {
    mail create "mutt box"
    mail make "$work/a" "mutt reads this one"
    mail make "$work/b" "mutt deletes this one"
    mail append "$work/a" --in "mutt box"
    mail append "$work/b" --in "mutt box"
    cat >"$work/muttrc" <<EOF
set folder="imap://$HOST:$IMAP/"
set spoolfile="+mutt box"
set imap_user="$USER_NAME"
set imap_pass="$PASSWORD"
set ssl_starttls=no ssl_force_tls=no
set header_cache="" message_cachedir=""
set sort=date-received
set delete=yes quit=yes
set mark_old=no
unset imap_idle
EOF
    TERM=xterm LC_ALL=C.UTF-8 mutt_tmux -f /dev/null new-session -d -s m -x 120 -y 50 "neomutt -n -F '$work/muttrc' 2>'$work/mutt.err'; sleep 60"
    mutt_screen "mutt reads this one"
    mutt_screen "mutt deletes this one"
    mutt_tmux send-keys -t m 1 Enter    # to the first message
    mutt_tmux send-keys -t m Enter      # and open it
    mutt_screen "From the start of a line"
    mutt_tmux send-keys -t m q
    mutt_screen "mutt deletes this one"
    mutt_tmux send-keys -t m F          # flag the current one
    sleep 0.3
    mutt_tmux send-keys -t m 2 Enter
    sleep 0.3
    mutt_tmux send-keys -t m d
    sleep 0.3
    mutt_tmux send-keys -t m '$'        # tell the server
    mail gone "$work/b" --in "mutt box"
    mutt_tmux send-keys -t m q
    mail expect "$work/a" --in "mutt box" --flags '\Seen \Flagged'
    mutt_stop
}
stoppers+=(mutt_stop)
check "neomutt: index, message, flag and deletion on the screen" mutt_reads
mutt_stop >/dev/null 2>&1
