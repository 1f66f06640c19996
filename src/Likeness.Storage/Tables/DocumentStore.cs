using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class DocumentStore(Engine engine) : IDocumentStore
{
    private const string FindSql = "SELECT content FROM documents WHERE account = $1 AND kind = $2 AND key = $3";

    private const string SaveSql = """
        INSERT INTO documents (account, kind, key, content) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account, kind, key) DO UPDATE SET content = excluded.content
        """;

    private const string RemoveSql = "DELETE FROM documents WHERE account = $1 AND kind = $2 AND key = $3";

    private readonly string _sizeSql = engine.Translate(
        "SELECT coalesce(sum(length(CAST(key AS BLOB)) + length(CAST(content AS BLOB)) + 100), 0) FROM documents WHERE account = $1 AND kind = $2");

    public ValueTask<AccountDocument?> Find(Identity account, string kind, string key, CancellationToken cancellationToken = default) =>
        engine.Read(
            session => session.First(FindSql, row => new AccountDocument(account, kind, key, row.Text(0)), account, kind, key),
            cancellationToken);

    public ValueTask Save(AccountDocument document, CancellationToken cancellationToken = default) =>
        engine.Write(document.Account.Value, session => Save(session, document), cancellationToken);

    public ValueTask<bool> Save(IReadOnlyList<AccountDocument> documents, long maxBytes, CancellationToken cancellationToken = default)
    {
        var (account, kind, _, _) = documents[0];
        return engine.Write(
            account.Value,
            async session =>
            {
                var before = await Size(session, account, kind);
                var replaced = new List<AccountDocument>();
                foreach (var document in documents)
                {
                    replaced.Add(document with { Content = await session.First(FindSql, row => row.Text(0), account, kind, document.Key) });
                    await Save(session, document);
                }

                var after = await Size(session, account, kind);
                if (after <= maxBytes || after <= before)
                {
                    return true;
                }

                // In reverse, so that a key named twice gets back what it had at first.
                foreach (var document in Enumerable.Reverse(replaced))
                {
                    await Save(session, document);
                }

                return false;
            },
            cancellationToken);
    }

    public ValueTask<long> Size(Identity account, string kind, CancellationToken cancellationToken = default) =>
        engine.Read(session => Size(session, account, kind), cancellationToken);

    private ValueTask<long> Size(Session session, Identity account, string kind) =>
        session.First(_sizeSql, row => row.Number(0), account, kind);

    internal static async ValueTask Save(Session session, AccountDocument document)
    {
        var (account, kind, key, content) = document;
        if (content is null)
        {
            await session.Execute(RemoveSql, account, kind, key);
        }
        else
        {
            // The server's own notes belong to nobody.
            if (account.Value.Length > 0)
            {
                await AccountStore.RefuseGone(session, account);
            }

            await session.Execute(SaveSql, account, kind, key, content);
        }
    }
}
