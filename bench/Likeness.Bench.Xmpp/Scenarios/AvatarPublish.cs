using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>
/// Ten of the circle publish one 8 KB picture after the other (XEP-0084: data, then metadata); a publication is done
/// when all 20 contacts, who asked for it by their caps (XEP-0163 §4.3.3), have been notified of exactly this picture.
/// </summary>
sealed class AvatarPublish(string name, LoginKind kind) : IScenario
{
    const int publishers = 10;

    public string Name => name;

    public string Unit => "publishes/s";

    public async Task<Measurement> Run(Stage stage)
    {
        var load = new Load();
        var population = stage.Population;
        var sessions = await stage.Open(population.CircleMembers, kind);
        try
        {
            var picture = new AvatarPicture(52);
            // Nodes exist before: creating them is not what is measured.
            await Avatars.Publish(sessions, picture);
            var works = Enumerable.Range(0, publishers)
                .Select(i => i * population.Circle / publishers)
                .ToDictionary(user => user, user => new Publication(sessions[user], picture, population, load));
            var audience = new Audience(works, population, load);
            foreach (var session in sessions)
            {
                session.Pump(audience);
                session.Send(Caps.Presence);
            }

            await Quiet.Wait(stage.Server, () => audience.Arrivals);
            // Once more when the capabilities of all are known: ejabberd would otherwise miss some.
            foreach (var session in sessions)
                session.Send(Caps.Presence);
            await Quiet.Wait(stage.Server, () => audience.Arrivals);
            foreach (var work in works.Values)
                work.Begin();
            return await load.Measure(stage, () => works.Values.Count(work => work.Unfinished));
        }
        catch (ScenarioFailedException stalled) when (!load.Over)
        {
            throw new ScenarioFailedException($"{stalled.Message} ({load.Done} publications were complete)");
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }
}
