package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;

/** {@code domain add}: mail for the domain ends here from now on. */
public record AddDomain(Domain domain) implements Operation<AddDomain.Added> {
    private static final Logger log = LoggerFactory.getLogger(AddDomain.class);

    /**
     * It is there.
     *
     * @param selectors of its keys
     */
    public record Added(Domain domain, List<String> selectors) implements Answer {
        public Added {
            selectors = List.copyOf(selectors);
        }

        @Override
        public List<String> lines() {
            return List.of("The domain " + domain.toUnicode() + " is added.");
        }
    }

    @Override
    public Outcome<Added> run(Rooms rooms) throws IOException {
        return rooms.names()
                .editor()
                .addDomain(domain)
                .map(info -> new Added(info.domain(), keys(rooms)));
    }

    /** The domain stays where they cannot be made: the server tries again. */
    private List<String> keys(Rooms rooms) {
        try {
            return rooms.signing().keys().makeFirst(domain).stream()
                    .map(it -> it.name().selector())
                    .toList();
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("domain", domain)
                    .addKeyValue("reason", e.getMessage())
                    .log("keys cannot be made now; the server makes them later");
            return List.of();
        }
    }
}
