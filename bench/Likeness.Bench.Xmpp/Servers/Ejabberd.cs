using System.Globalization;
using System.Text;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Sessions;

namespace Likeness.Bench.Xmpp.Servers;

/// <summary>Debian's ejabberd in a node without distribution; a short Erlang script writes accounts and rosters into its tables.</summary>
sealed class Ejabberd : IServerAdapter
{
    const string user = "ejabberd";
    static readonly byte[] salt = "likeness-bench-salt"u8.ToArray();

    public string Name => "ejabberd";

    public string? Missing => File.Exists("/usr/sbin/ejabberdctl") ? null : "apt-get install ejabberd";

    public async Task Prepare(string directory, Population population)
    {
        Directory.CreateDirectory(Path.Combine(directory, "data"));
        Certificate.Write(directory);
        await Write(directory, Loopback.FreePort());
        await Shell.GiveTo(user, directory);
        var seed = new Dictionary<string, string>(StringComparer.Ordinal);
        var salted = ScramKeyCache.Derive(Population.Password, salt, Population.Iterations);
        seed["BENCH_STORED_KEY"] = Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(ScramKeyCache.Key(salted, "Client Key")));
        seed["BENCH_SERVER_KEY"] = Convert.ToBase64String(ScramKeyCache.Key(salted, "Server Key"));
        seed["BENCH_SALT"] = Convert.ToBase64String(salt);
        seed["BENCH_ITERATIONS"] = Text(Population.Iterations);
        seed["BENCH_USERS"] = Text(population.Users);
        seed["BENCH_CIRCLE"] = Text(population.Circle);
        seed["BENCH_CONTACTS"] = Text(population.Contacts);
        var script = Path.Combine(AppContext.BaseDirectory, "peers", "ejabberd-seed.erl");
        await RunErlang(directory, $"-eval 'case file:script(\"{script}\") of {{ok, _}} -> init:stop(); Bad -> io:format(\"~p~n\", [Bad]), init:stop(1) end'", seed);
    }

    public async Task<RunningServer> Start(string directory, bool archives)
    {
        var port = Loopback.FreePort();
        await Write(directory, port, archives);
        return await RunningServer.Start(new ServerCommand(directory, Line(directory), port) { Environment = Surroundings(directory) });
    }

    public async Task<RunningServer> StartFederated(Federated how)
    {
        var port = Loopback.FreePort();
        var configuration = new StringBuilder(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "peers", "ejabberd-s2s.yml")));
        configuration.Replace("@PORT@", Text(port)).Replace("@S2S_PORT@", Text(how.Port)).Replace("@DIRECTORY@", how.Directory).Replace("@DOMAINS@", string.Join(", ", how.Domains));
        await File.WriteAllTextAsync(how.File("ejabberd.yml"), configuration.ToString());
        await File.WriteAllTextAsync(how.File("inetrc"), $"{{resolv_conf, \"\"}}.\n{{lookup, [file, dns]}}.\n{{nameserver, {{127,0,0,1}}, {how.Resolver}}}.\n{{cache_size, 0}}.\n");
        Directory.CreateDirectory(how.File("data"));
        await Shell.GiveTo(user, how.Directory);
        var environment = Surroundings(how.Directory);
        environment["ERL_INETRC"] = how.File("inetrc");
        return await how.Populated(RunningServer.Start(new ServerCommand(how.Directory, Line(how.Directory), port) { Environment = environment }));
    }

    static async Task RunErlang(string directory, string more, Dictionary<string, string> variables)
    {
        foreach (var (name, value) in Surroundings(directory))
            variables[name] = value;
        var assignments = string.Join(' ', variables.Select(variable => $"{variable.Key}='{variable.Value}'"));
        await Shell.Run("/bin/bash", "-c", $"cd {directory} && {assignments} {Line(directory)} {more} > seed.log 2>&1 < /dev/null");
    }

    static string Line(string directory) =>
        $"{Shell.As(user)}erl +K true +P 250000 -noinput -mnesia dir \"'{directory}/data'\" -s ejabberd";

    static Dictionary<string, string> Surroundings(string directory) => new(StringComparer.Ordinal)
    {
        ["ERL_LIBS"] = "/usr/lib/x86_64-linux-gnu",
        ["ERL_MAX_PORTS"] = "32000",
        ["ERL_CRASH_DUMP_BYTES"] = "0",
        ["HOME"] = directory,
        ["EJABBERD_CONFIG_PATH"] = $"{directory}/ejabberd.yml",
        ["EJABBERD_LOG_PATH"] = $"{directory}/ejabberd.log",
    };

    static async Task Write(string directory, int port, bool archives = false)
    {
        var configuration = new StringBuilder(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "peers", "ejabberd.yml")));
        configuration.Replace("@PORT@", Text(port)).Replace("@DIRECTORY@", directory).Replace("@ARCHIVES@", archives ? "mod_mam: {default: always, assume_mam_usage: true}" : "");
        await File.WriteAllTextAsync(Path.Combine(directory, "ejabberd.yml"), configuration.ToString());
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
