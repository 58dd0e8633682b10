/** A message does not have the form its queue states; trying again cannot help. */
export const MESSAGE_INVALID = 'message_invalid';

/** Every attempt to handle a message failed. */
export const MESSAGE_GIVEN_UP = 'message_given_up';

/** The queue was closed before the message was handled. */
export const QUEUE_CLOSED = 'queue_closed';
