# Our server sends to another of ours, and what it does where the DNS lies.
. "$here/town.sh"

sending_to_ours() {
    anna make "$work/m" "from house to house" --from anna@a.test --to anna@b.test --utf8
    anna submit "$work/m" anna@b.test
    anna_b expect "$work/m" --how suffix
    anna_b show "$work/m" | grep -aE 'with E?SMTPS' # STARTTLS was offered, and used
    wait_gone anna@b.test
}
anna_b() { # anna@b.test's mail.py
    USER_NAME=anna@b.test PASSWORD=$town_password IMAP=$((base + 4143)) SUBMISSION=$((base + 4587)) mail "$@"
}
# What cannot be looked up now waits, whatever the DNS says in its trouble, and arrives later.
sending_lying_dns() { # DOMAIN
    local to=anna@$1
    anna make "$work/$1" "dns lies about $1" --from anna@a.test --to "$to"
    anna submit "$work/$1" "$to"
    wait_queue "$1 .*the DNS does not say where $1 is"
    wait_log "$town/a.test/log" "deferred: 4\.4\.3 at route.*to=$to"
}
sending_honest_dns() { # DOMAIN...: the DNS tells the truth again
    local domain
    zones_are
    sleep 6 # failures are remembered for 5 seconds; what waits is tried now, if it was not already
    house a.test queue retry --all
    for domain; do
        anna_b expect "$work/$domain" --how suffix
        if anna report "$work/$domain" --seconds 0 2>"$work/none"; then return 1; fi
        grep 'no report' "$work/none" # nobody was told that it failed
    done
    wait_gone
}
sending_fails_at_once() { # ADDRESS STATUS
    anna make "$work/m" "cannot go to $1" --from anna@a.test --to "$1"
    anna submit "$work/m" "$1"
    anna report "$work/m" "$1=$2"
    wait_gone "$1"
}
# A host that is not there: the message waits, and says why.
sending_dead_host() {
    anna make "$work/m" "to a dead host" --from anna@a.test --to "x@silent.test"
    anna submit "$work/m" x@silent.test
    wait_queue '-> x@silent\.test .*mx\.silent\.test\[127\.0\.0\.99\]'
    wait_log "$town/a.test/log" 'deferred: 4\.4\.1 at connect.*to=x@silent\.test'
    house a.test queue bounce "$(sed -n 's/ .*-> x@silent.*//p' "$town/queue")"
    anna report "$work/m" x@silent.test=5.0.0
}
check "sending: SERVFAIL: mail waits" sending_lying_dns servfail.test
check "sending: a silent DNS: mail waits" sending_lying_dns drop.test
check "sending: from one server of ours to another, under TLS" sending_to_ours
check "sending: a domain that does not exist comes back" sending_fails_at_once "x@nowhere.test" 5.1.2
check "sending: a null MX comes back as 5.1.10" sending_fails_at_once "x@nomail.test" 5.1.10
check "sending: a host that is not there, given up by hand" sending_dead_host
check "sending: when the DNS answers again, what waited arrives" sending_honest_dns servfail.test drop.test
