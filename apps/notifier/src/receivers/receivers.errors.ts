/** A receiver cannot be built from its configuration: a certificate file that is missing, for example. */
export const RECEIVER_UNUSABLE = 'receivers.unusable';
