namespace Likeness.Libravatar.Fetching;

/// <summary>Carries the refusal out of the connection's callback; <see cref="SafeFetch"/> turns it into a result.</summary>
internal sealed class AddressRefusedException() : IOException("No address of this host may be dialled.");
