package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;

import java.io.IOException;

/** {@code domain admin}: who gets the mail for postmaster and abuse. */
public record SetDomainAdmin(Domain domain, Address account) implements Operation<DomainFacts> {
    @Override
    public Outcome<DomainFacts> run(Rooms rooms) throws IOException {
        return rooms.names().editor().setAdmin(domain, account).map(DomainFacts::of);
    }
}
