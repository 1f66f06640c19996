using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class WebStepStore(Engine engine) : IWebStepStore
{
    private const string Turn = "likeness web steps";

    public ValueTask<bool> Put(WebStep step, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step.State.Length, IWebStepStore.MaxState, nameof(step));
        return engine.Write(
            Turn,
            async session =>
            {
                if (await session.Execute("UPDATE web_steps SET state = $3, expires = $4 WHERE browser = $1 AND kind = $2", step.Browser, step.Kind, step.State, step.Expires) > 0)
                {
                    return true;
                }

                return await session.First("SELECT COUNT(*) FROM web_steps", row => row.Number(0)) < IWebStepStore.MaxSteps
                    && await session.Execute("INSERT INTO web_steps (browser, kind, state, expires) VALUES ($1, $2, $3, $4)", step.Browser, step.Kind, step.State, step.Expires) > 0;
            },
            cancellationToken);
    }

    public ValueTask<string?> Find(byte[] browser, string kind, DateTimeOffset now, CancellationToken cancellationToken = default) => engine.Read(
        session => session.First("SELECT state FROM web_steps WHERE browser = $1 AND kind = $2 AND expires > $3", row => row.Text(0), browser, kind, now),
        cancellationToken);

    public async ValueTask<string?> Take(byte[] browser, string kind, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var taken = await engine.Write(
            Turn,
            session => session.First("DELETE FROM web_steps WHERE browser = $1 AND kind = $2 RETURNING state, expires", row => new WebStep(browser, kind, row.Text(0), row.Time(1)), browser, kind),
            cancellationToken);
        return taken is not null && taken.Expires > now ? taken.State : null;
    }

    internal static async ValueTask Use(Session session, StoreWrite.UsedStep used)
    {
        if (await session.Execute("DELETE FROM web_steps WHERE browser = $1 AND kind = $2 AND expires > $3", used.Browser, used.Kind, used.Now) == 0)
        {
            throw new LinkUsedException();
        }
    }

    public async ValueTask Prune(DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        const string condition = "FROM web_steps WHERE expires <= $1";
        if (await engine.Read(session => session.First($"SELECT 1 {condition} LIMIT 1", row => row.Number(0), before), cancellationToken) > 0)
        {
            await engine.Write(Turn, session => session.Execute($"DELETE {condition}", before), cancellationToken);
        }
    }
}
