package mansio.state.story;

import java.util.List;

/** A message's head and its steps in the order of their writing. */
public record Story(StoryHead head, List<StoryLine> lines) {
    public Story {
        lines = List.copyOf(lines);
    }
}
