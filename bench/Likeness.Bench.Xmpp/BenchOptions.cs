using System.Globalization;
using System.Net;

namespace Likeness.Bench.Xmpp;

/// <summary>What to run, from the command line.</summary>
sealed record BenchOptions
{
    public IReadOnlyList<string> Servers { get; init; } = ["likeness", "prosody", "prosody-tuned", "ejabberd"];

    /// <summary>Empty: all.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = [];

    public int Rounds { get; init; } = 3;

    public double Seconds { get; init; } = 8;

    public double WarmUp { get; init; } = 4;

    public int IdleSessions { get; init; } = 1000;

    public EndPoint? Attach { get; init; }

    public int? Pid { get; init; }

    /// <summary>With --attach: accounts and rosters are there from an earlier call.</summary>
    public bool Prepared { get; init; }

    public string Likeness { get; init; } = "";

    public string Results { get; init; } = "bench/results";

    /// <summary>Leave the servers' directories (configuration, data, logs) behind.</summary>
    public bool Keep { get; init; }

    public const string Usage = """
        bench/xmpp/run [options]
          --servers, --server LIST      likeness,prosody,prosody-tuned,ejabberd (all)
          --scenarios, --scenario LIST  names or beginnings of names (all): login, memory, messages, fanout, avatar, vcard
          --rounds N                    3
          --seconds S, --warmup S       measured and unmeasured time of a scenario: 8 and 4
          --sessions N                  idle sessions of the memory scenarios: 1000
          --quick                       one round, 3 s after 2 s, 400 idle sessions
          --likeness PROGRAM            the launcher to test, ./likeness by default
          --attach HOST:PORT            drive a server that runs already (open registration, domain localhost); with
                                        --pid N its memory and CPU are read, with --prepared accounts are not made again
          --results DIRECTORY           bench/results
          --keep                        do not delete the servers' directories
        """;

    public static BenchOptions Parse(string[] words)
    {
        var options = new BenchOptions();
        for (var i = 0; i < words.Length; i++)
        {
            string Value() => ++i < words.Length ? words[i] : throw new FormatException($"{words[i - 1]} wants a value");
            options = words[i] switch
            {
                "--servers" or "--server" => options with { Servers = Value().Split(',') },
                "--scenarios" or "--scenario" => options with { Scenarios = Value().Split(',') },
                "--rounds" => options with { Rounds = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--seconds" => options with { Seconds = double.Parse(Value(), CultureInfo.InvariantCulture) },
                "--warmup" => options with { WarmUp = double.Parse(Value(), CultureInfo.InvariantCulture) },
                "--sessions" => options with { IdleSessions = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--quick" => options with { Rounds = 1, Seconds = 3, WarmUp = 2, IdleSessions = 400 },
                "--likeness" => options with { Likeness = Value() },
                "--attach" => options with { Attach = IPEndPoint.Parse(Value().Replace("localhost", "127.0.0.1", StringComparison.Ordinal)), Servers = ["attached"], Rounds = 1 },
                "--pid" => options with { Pid = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--prepared" => options with { Prepared = true },
                "--results" => options with { Results = Value() },
                "--keep" => options with { Keep = true },
                _ => throw new FormatException($"{words[i]} is not known"),
            };
        }

        return options;
    }
}
