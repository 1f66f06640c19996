namespace Likeness.Bench.Xmpp.Servers;

/// <summary>The servers by name.</summary>
static class Adapters
{
    public static IServerAdapter Find(string name, BenchOptions options) => name switch
    {
        "likeness" => new LikenessServer(options.Likeness),
        "prosody" => new Prosody(tuned: false),
        "prosody-tuned" => new Prosody(tuned: true),
        "ejabberd" => new Ejabberd(),
        "attached" => new AttachedServer(options.Attach!, options.Pid, options.Prepared),
        _ => throw new FormatException($"no server is called {name}"),
    };
}
