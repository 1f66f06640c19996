namespace Likeness.Libravatar;

/// <summary>The servers for domains that have none of their own; null: none for this scheme.</summary>
internal sealed record FallbackBases(AvatarBase? Secure, AvatarBase? Plain)
{
    public static FallbackBases Libravatar { get; } = new(AvatarBase.LibravatarSecure, AvatarBase.LibravatarPlain);

    public static FallbackBases None { get; } = new(null, null);

    /// <summary>Throws <see cref="ArgumentException"/> when the options contradict themselves.</summary>
    public static FallbackBases Of(AvatarClientOptions options)
    {
        if (!Enum.IsDefined(options.Fallback) || !Enum.IsDefined(options.Scheme))
        {
            throw new ArgumentException("Fallback is Libravatar or None, Scheme is HttpsOnly, PreferHttps or Http.", nameof(options));
        }

        if (options.FallbackServers.Count == 0)
        {
            return options.Fallback == FallbackPolicy.None ? None : Libravatar;
        }

        AvatarBase[] bases = [.. options.FallbackServers.Select(server => AvatarBase.Parse(server.OriginalString))];
        if (options.Fallback == FallbackPolicy.None || bases.GroupBy(server => server.IsSecure).Any(kind => kind.Count() > 1))
        {
            throw new ArgumentException("FallbackServers names at most one https and one http server, and none when Fallback is None.", nameof(options));
        }

        return new FallbackBases(Array.Find(bases, server => server.IsSecure), Array.Find(bases, server => !server.IsSecure));
    }

    /// <summary>Null when the policy leaves none.</summary>
    public AvatarBase? For(SchemePolicy policy) => policy switch
    {
        SchemePolicy.HttpsOnly => Secure is { IsSecure: true } ? Secure : null,
        SchemePolicy.PreferHttps => Secure ?? Plain,
        _ => Plain is { IsSecure: false } ? Plain : null,
    };
}
