using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class MessageOfTheDayStore(Engine engine) : IMessageOfTheDayStore
{
    private const string Turn = "likeness messages of the day";

    private const string SaveSql = """
        INSERT INTO messages_of_the_day (domain, id, subject, body, made) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (domain) DO UPDATE SET id = excluded.id, subject = excluded.subject, body = excluded.body, made = excluded.made
        """;

    public ValueTask<MessageOfTheDay?> Find(string domain, CancellationToken cancellationToken = default) => engine.Read(
        session => session.First(
            "SELECT id, subject, body, made FROM messages_of_the_day WHERE domain = $1",
            row => new MessageOfTheDay(domain, row.Text(0), row.TextOrNull(1), row.Text(2), row.Time(3)),
            domain),
        cancellationToken);

    public async ValueTask Save(MessageOfTheDay message, CancellationToken cancellationToken = default) =>
        await engine.Write(Turn, session => session.Execute(SaveSql, message.Domain, message.Id, message.Subject, message.Text, message.Made), cancellationToken);

    public async ValueTask<bool> Remove(string domain, CancellationToken cancellationToken = default) =>
        await engine.Write(Turn, session => session.Execute("DELETE FROM messages_of_the_day WHERE domain = $1", domain), cancellationToken) > 0;
}
