package mansio.net.dns;

/** Gives records another time to live. */
final class Ttl {
    private Ttl() {}

    static DnsRecord of(DnsRecord record, int ttl) {
        return switch (record) {
            case DnsRecord.A a -> new DnsRecord.A(a.name(), ttl, a.address());
            case DnsRecord.Aaaa a -> new DnsRecord.Aaaa(a.name(), ttl, a.address());
            case DnsRecord.Mx mx ->
                    new DnsRecord.Mx(mx.name(), ttl, mx.preference(), mx.exchange());
            case DnsRecord.Txt txt -> new DnsRecord.Txt(txt.name(), ttl, txt.strings());
            case DnsRecord.Cname cname -> new DnsRecord.Cname(cname.name(), ttl, cname.target());
            case DnsRecord.Ptr ptr -> new DnsRecord.Ptr(ptr.name(), ttl, ptr.target());
            case DnsRecord.Ns ns -> new DnsRecord.Ns(ns.name(), ttl, ns.server());
            case DnsRecord.Soa soa ->
                    new DnsRecord.Soa(soa.name(), ttl, soa.serial(), soa.minimumSeconds());
            case DnsRecord.Srv srv -> new DnsRecord.Srv(srv.name(), ttl, srv.service());
            case DnsRecord.Tlsa tlsa -> new DnsRecord.Tlsa(tlsa.name(), ttl, tlsa.association());
            case DnsRecord.Caa caa ->
                    new DnsRecord.Caa(caa.name(), ttl, caa.flags(), caa.tag(), caa.value());
            case DnsRecord.Other other ->
                    new DnsRecord.Other(other.name(), ttl, other.typeCode(), other.data());
        };
    }
}
