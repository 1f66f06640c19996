namespace Likeness.Libravatar.Discovery;

/// <summary>The names under which a domain announces its avatar servers.</summary>
public static class ServiceName
{
    private const string Secure = "_avatars-sec._tcp.";
    private const string Plain = "_avatars._tcp.";

    public static bool IsSecure(string name) => name.StartsWith(Secure, StringComparison.Ordinal);

    /// <summary>The domain of a service name in the form in which it is asked; null when it is none.</summary>
    public static string? DomainOf(string name)
    {
        var prefix = IsSecure(name) ? Secure : Plain;
        return name.StartsWith(prefix, StringComparison.Ordinal) && HostSanity.TryClean(name[prefix.Length..], out var domain) && name.EndsWith(domain, StringComparison.Ordinal)
            ? domain
            : null;
    }

    /// <summary>In the order in which their servers are tried; the plain name is never asked where http may not be used.</summary>
    public static string[] Of(string domain, SchemePolicy policy) => policy switch
    {
        SchemePolicy.HttpsOnly => [Secure + domain],
        SchemePolicy.PreferHttps => [Secure + domain, Plain + domain],
        _ => [Plain + domain],
    };
}
