namespace Likeness.Libravatar;

/// <summary>Which schemes an avatar's URL may have.</summary>
public enum SchemePolicy
{
    /// <summary>Only https: nothing else may stand on an https page.</summary>
    HttpsOnly,

    /// <summary>https if the domain has it, else http.</summary>
    PreferHttps,

    /// <summary>Only http.</summary>
    Http,
}
