package mansio.state.mailbox;

import mansio.state.story.StoryLine;

/** That a delivery was done, kept until the queue can never ask again. */
public record Receipt(Delivered delivered, StoryLine line) {}
