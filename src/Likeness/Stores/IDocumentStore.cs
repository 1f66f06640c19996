namespace Likeness.Stores;

/// <summary>Small XML documents an account keeps: vCard fields, private storage (XEP-0049), blocklist (XEP-0191).</summary>
public interface IDocumentStore
{
    ValueTask<AccountDocument?> Find(Identity account, string kind, string key, CancellationToken cancellationToken = default);

    /// <summary>Replaces; a document whose content is null is removed.</summary>
    ValueTask Save(AccountDocument document, CancellationToken cancellationToken = default);

    /// <summary>
    /// Saves these of one account and one kind, all or none. False: the account would keep more than <paramref name="maxBytes"/>
    /// in this kind; nothing was changed. What makes it keep less is never refused.
    /// </summary>
    ValueTask<bool> Save(IReadOnlyList<AccountDocument> documents, long maxBytes, CancellationToken cancellationToken = default);

    /// <summary>Bytes an account keeps in documents of this kind: those of keys and contents in UTF-8, and 100 for each.</summary>
    ValueTask<long> Size(Identity account, string kind, CancellationToken cancellationToken = default);
}

/// <summary>One document.</summary>
/// <param name="Kind">Which feature owns it, such as <c>vcard</c> or <c>private</c>.</param>
/// <param name="Key">Unique within account and kind; may be empty.</param>
/// <param name="Content">Text; null removes.</param>
public sealed record AccountDocument(Identity Account, string Kind, string Key, string? Content);
