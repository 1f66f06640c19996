using Likeness.Accounts;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>What the operator decided; these lines come before anybody connects.</summary>
internal static class SettingSteps
{
    public static readonly Step[] All =
    [
        new("registration is open", (scene, _, _) => Set(scene, options => options with { Registration = Registration.Open })),
        new("registration is closed", (scene, _, _) => Set(scene, options => options with { Registration = Registration.Closed })),
        new("people invite", (scene, _, _) => Set(scene, options => options with { PeopleInvite = true })),
        new("* administers", (scene, words, _) => Set(scene, options => options with { Admins = options.Admins.Append(CastSteps.Address(words[0])).ToHashSet() })),
        new("passwords are only proven", (scene, _, _) => Set(scene, options => options with { OffersPlain = false })),
        new("TLS is required", (scene, _, _) => Set(scene, options => options with { PlaintextForDevelopment = false })),
        new("a roster holds * items", (scene, words, _) => Set(scene, options => options with { MaxRosterItems = Number(words) })),
        new("a roster holds * bytes", (scene, words, _) => Set(scene, options => options with { MaxRosterBytes = Number(words) })),
        new("an account keeps * bytes of requests", (scene, words, _) => Set(scene, options => options with { MaxPendingBytes = Number(words) })),
        new("an account keeps * requests", (scene, words, _) => Set(scene, options => options with { MaxPendingRequests = Number(words) })),
        new("an account keeps * offline messages", (scene, words, _) => Set(scene, options => options with { MaxOfflineMessages = Number(words) })),
        new("an account keeps * offline bytes", (scene, words, _) => Set(scene, options => options with { MaxOfflineBytes = Number(words) })),
        new("an account has * resources", (scene, words, _) => Set(scene, options => options with { MaxResources = Number(words) })),
        new("an account has * waiting sessions", (scene, words, _) => Set(scene, options => options with { MaxAwaySessionsPerAccount = Number(words) })),
        new("private storage holds * bytes", (scene, words, _) => Set(scene, options => options with { MaxPrivateBytes = Number(words) })),
        new("a room takes * stanzas a second of one client", (scene, words, _) => Set(scene, options => options with { Rooms = options.Rooms with { MaxStanzasPerSecond = Number(words) } })),
        new("a room of more than * gathers who comes", (scene, words, _) => Set(scene, options => options with { Rooms = options.Rooms with { GathersFrom = Number(words) } })),
        new("people make * rooms", (scene, words, _) => Set(scene, options => options with { Rooms = options.Rooms with { MaxRoomsPerCreator = Number(words) } })),
        new("nobody makes rooms", (scene, _, _) => Set(scene, options => options with { Rooms = options.Rooms with { Creation = RoomCreation.Nobody } })),
        new("the server tells * to *", (scene, words, _) => Set(scene, options => options with { Contacts = [.. options.Contacts, new ServerContact(words[1], words[0])] })),
        new("there is the service * at * port *", (scene, words, _) => Set(scene, options => options with
        {
            ExternalServices = [.. options.ExternalServices, new ExternalService(words[0], words[1], int.Parse(words[2]), "udp")],
            TurnSecret = "north"u8.ToArray(),
        })),
        new("nothing is archived", (scene, _, _) => Set(scene, options => options with { Archive = options.Archive with { IsOn = false } })),
        new("an archive holds * messages", (scene, words, _) => Set(scene, options => options with { Archive = options.Archive with { MaxMessages = Number(words) } })),
        new("PEP holds * bytes", (scene, words, _) => Set(scene, options => options with { MaxPepBytes = Number(words) })),
    ];

    private static int Number(string[] words) => int.Parse(words[0]);

    private static Task Set(Scene scene, Func<XmppServerOptions, XmppServerOptions> change)
    {
        scene.Options = scene.IsStarted ? throw new TranscriptException("The server runs already; settings come first.") : change(scene.Options);
        return Task.CompletedTask;
    }
}
