namespace Likeness.Beside.Accounts;

/// <summary>What a look at an account's avatar found.</summary>
internal abstract record RemoteAvatar
{
    private RemoteAvatar()
    {
    }

    /// <summary>Nobody knows: refused, or no answer came. What is known stays.</summary>
    public sealed record Unknown(string Why) : RemoteAvatar
    {
        /// <summary>The server did not answer, or said that it has too much to do.</summary>
        public bool IsOverloaded { get; init; }
    }

    /// <summary>There is none.</summary>
    public sealed record None : RemoteAvatar;

    /// <summary>There is one.</summary>
    /// <param name="Id">SHA-1 in lower-case hex.</param>
    /// <param name="Bytes">With the vCard they come at once; null: they are to be fetched.</param>
    public sealed record Shown(string Id, byte[]? Bytes = null) : RemoteAvatar
    {
        public bool FromVCard => Bytes is not null;
    }

    /// <summary>The id as it is kept: empty for none, null for unknown.</summary>
    public string? Key => this switch
    {
        Shown shown => shown.Id,
        None => "",
        _ => null,
    };
}
