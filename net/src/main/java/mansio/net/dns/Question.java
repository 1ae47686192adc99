package mansio.net.dns;

/** What is asked: the records of one type (class IN) that a name has. */
public record Question(DnsName name, RecordType type) {
    @Override
    public String toString() {
        return name + " " + type;
    }
}
