using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class WebhookStore(Engine engine) : IWebhookStore
{
    private const string AddSql = "INSERT INTO webhooks (name, url, secret, created) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

    private const string MarkAllSql = """
        INSERT INTO webhook_marks (hook, identity, version, changed, picture)
        SELECT name, identity, version, changed, coalesce(master, picture) FROM portraits, webhooks WHERE name = $1
        """;

    private const int PageSize = 2000;

    // The page is cut before it is compared: else a hook that knows everything would be asked about everybody at once.
    private const string PageSql = """
        SELECT c.identity, CASE
            WHEN p.identity IS NULL THEN CASE WHEN m.picture IS NULL THEN 0 ELSE 1 END
            WHEN m.version IS NULL OR m.version <> p.version OR m.changed <> p.changed THEN 1
            ELSE 0 END
        FROM (
            SELECT identity FROM (
                SELECT identity FROM (SELECT identity FROM portraits WHERE identity > $2 ORDER BY identity LIMIT $3) a
                UNION
                SELECT identity FROM (SELECT identity FROM webhook_marks WHERE hook = $1 AND identity > $2 ORDER BY identity LIMIT $3) b
            ) both_tables ORDER BY identity LIMIT $3
        ) c
        LEFT JOIN portraits p ON p.identity = c.identity
        LEFT JOIN webhook_marks m ON m.hook = $1 AND m.identity = c.identity
        ORDER BY c.identity
        """;

    private const string ToldSql = "SELECT version, changed, picture FROM webhook_marks WHERE hook = $1 AND identity = $2";

    private const string MarkSql = """
        INSERT INTO webhook_marks (hook, identity, version, changed, picture)
        SELECT name, $2, $3, $4, $5 FROM webhooks WHERE name = $1
        ON CONFLICT (hook, identity) DO UPDATE SET version = excluded.version, changed = excluded.changed, picture = excluded.picture
        """;

    public ValueTask Add(Webhook hook, CancellationToken cancellationToken = default) =>
        engine.Write(
            "likeness webhooks",
            async session =>
            {
                if (await session.Execute(AddSql, hook.Name, hook.Url, hook.Secret, hook.Created) == 0)
                {
                    throw new StoreConflictException($"The webhook {hook.Name} exists already.");
                }

                await session.Execute(MarkAllSql, hook.Name);
            },
            cancellationToken);

    public async ValueTask<IReadOnlyList<Webhook>> List(CancellationToken cancellationToken = default)
    {
        var hooks = await engine.Read(
            session => session.All(
                "SELECT name, url, secret, created FROM webhooks",
                row => new Webhook(row.Text(0), row.Text(1), row.Bytes(2), row.Time(3))),
            cancellationToken);
        hooks.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return hooks;
    }

    public ValueTask<bool> Remove(string name, CancellationToken cancellationToken = default) =>
        engine.Write("likeness webhooks", async session => await session.Execute("DELETE FROM webhooks WHERE name = $1", name) > 0, cancellationToken);

    public async ValueTask<UntoldPage> Untold(string hook, Identity? after, CancellationToken cancellationToken = default)
    {
        var page = await engine.Read(
            session => session.All(PageSql, row => (Person: row.Identity(0), IsUntold: row.Number(1) != 0), hook, after?.Value ?? "", PageSize),
            cancellationToken);
        return new UntoldPage([.. page.Where(entry => entry.IsUntold).Select(entry => entry.Person)], page.Count < PageSize ? null : page[^1].Person);
    }

    public ValueTask<WebhookMark?> Told(string hook, Identity identity, CancellationToken cancellationToken = default) =>
        engine.Read(
            session => session.First(ToldSql, row => new WebhookMark(row.Number(0), row.Time(1), row.PictureIdOrNull(2)), hook, identity),
            cancellationToken);

    public async ValueTask Mark(string hook, Identity identity, WebhookMark mark, CancellationToken cancellationToken = default) =>
        await engine.Write(
            "likeness webhooks",
            session => session.Execute(MarkSql, hook, identity, mark.Version, mark.Changed, mark.Picture),
            cancellationToken);
}
