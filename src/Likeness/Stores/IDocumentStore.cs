namespace Likeness.Stores;

/// <summary>Small XML documents an account keeps: vCard fields, private storage (XEP-0049), blocklist (XEP-0191).</summary>
public interface IDocumentStore
{
    ValueTask<AccountDocument?> Find(Identity account, string kind, string key, CancellationToken cancellationToken = default);

    /// <summary>Replaces; a document whose content is null is removed.</summary>
    ValueTask Save(AccountDocument document, CancellationToken cancellationToken = default);

    /// <summary>Characters stored for an account in documents of this kind, for quotas (C-225).</summary>
    ValueTask<long> Size(Identity account, string kind, CancellationToken cancellationToken = default);
}

/// <summary>One document.</summary>
/// <param name="Kind">Which feature owns it, such as <c>vcard</c> or <c>private</c>.</param>
/// <param name="Key">Unique within account and kind; may be empty.</param>
/// <param name="Content">Text; null removes.</param>
public sealed record AccountDocument(Identity Account, string Kind, string Key, string? Content);
