namespace Likeness.Libravatar;

/// <summary>The servers for domains that have none of their own (L-72).</summary>
/// <param name="Secure">For https; null: none.</param>
/// <param name="Plain">For http; null: none.</param>
public sealed record FallbackBases(AvatarBase? Secure, AvatarBase? Plain)
{
    /// <summary>libravatar.org.</summary>
    public static FallbackBases Libravatar { get; } = new(AvatarBase.LibravatarSecure, AvatarBase.LibravatarPlain);

    /// <summary>No central server: addresses of other domains have no avatar.</summary>
    public static FallbackBases None { get; } = new(null, null);

    /// <summary>Null when the policy leaves none.</summary>
    public AvatarBase? For(SchemePolicy policy) => policy switch
    {
        SchemePolicy.HttpsOnly => Secure is { IsSecure: true } ? Secure : null,
        SchemePolicy.PreferHttps => Secure ?? Plain,
        _ => Plain is { IsSecure: false } ? Plain : null,
    };
}
