using System.Globalization;
using System.Text;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Sessions;

namespace Likeness.Bench.Xmpp.Servers;

/// <summary>Debian's Prosody, as it comes or with its documented load settings; accounts and rosters are written as its data files.</summary>
sealed class Prosody(bool tuned) : IServerAdapter
{
    const string user = "prosody";
    const string salt = "8f2f3b1e-6d0c-4a57-9a52-likeness-bench";

    public string Name => tuned ? "prosody-tuned" : "prosody";

    public string? Missing => File.Exists("/usr/bin/prosody") ? null : "apt-get install prosody";

    public async Task Prepare(string directory, Population population)
    {
        var host = Path.Combine(directory, "data", "localhost");
        Directory.CreateDirectory(Path.Combine(host, "accounts"));
        Directory.CreateDirectory(Path.Combine(host, "roster"));
        var account = AccountFile();
        for (var number = 0; number < population.Users; number++)
            await File.WriteAllTextAsync(Path.Combine(host, "accounts", $"u{number}.dat"), account);
        foreach (var number in population.CircleMembers)
            await File.WriteAllTextAsync(Path.Combine(host, "roster", $"u{number}.dat"), RosterFile(population, number));
        Certificate.Write(directory);
        await Shell.GiveTo(user, directory);
    }

    public async Task<RunningServer> Start(string directory, bool archives)
    {
        var port = Loopback.FreePort();
        var configuration = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "peers", "prosody.cfg.lua"));
        await File.WriteAllTextAsync(Path.Combine(directory, "prosody.cfg.lua"), configuration);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["BENCH_DIRECTORY"] = directory,
            ["BENCH_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["BENCH_TUNED"] = tuned ? "yes" : "no",
            ["BENCH_ARCHIVES"] = archives ? "yes" : "no",
        };
        return await RunningServer.Start(new ServerCommand(directory, $"{Shell.As(user)}prosody -F --config {directory}/prosody.cfg.lua", port) { Environment = environment });
    }

    public async Task<RunningServer> StartFederated(Federated how)
    {
        var port = Loopback.FreePort();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "peers", "prosody-s2s.cfg.lua"), how.File("prosody.cfg.lua"));
        var accounts = Directory.CreateDirectory(Path.Combine(how.File("data"), how.Domains[0].Replace(".", "%2e", StringComparison.Ordinal), "accounts")).FullName;
        for (var number = 0; number < Federated.People; number++)
            await File.WriteAllTextAsync(Path.Combine(accounts, $"u{number}.dat"), AccountFile());
        await Shell.GiveTo(user, how.Directory);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["BENCH_DIRECTORY"] = how.Directory,
            ["BENCH_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["BENCH_S2S_PORT"] = how.Port.ToString(CultureInfo.InvariantCulture),
            ["BENCH_RESOLVER"] = how.Resolver.ToString(CultureInfo.InvariantCulture),
            ["BENCH_DOMAINS"] = string.Join(' ', how.Domains),
            ["BENCH_TUNED"] = tuned ? "yes" : "no",
        };
        return await RunningServer.Start(new ServerCommand(how.Directory, $"{Shell.As(user)}prosody -F --config {how.File("prosody.cfg.lua")}", port) { Environment = environment });
    }

    static string AccountFile()
    {
        var salted = ScramKeyCache.Derive(Population.Password, Encoding.UTF8.GetBytes(salt), Population.Iterations);
        var stored = Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(ScramKeyCache.Key(salted, "Client Key")));
        var server = Convert.ToHexStringLower(ScramKeyCache.Key(salted, "Server Key"));
        return $"return {{ [\"stored_key\"] = \"{stored}\"; [\"server_key\"] = \"{server}\"; [\"salt\"] = \"{salt}\"; [\"iteration_count\"] = {Population.Iterations}; }};\n";
    }

    static string RosterFile(Population population, int number)
    {
        var file = new StringBuilder("return { [false] = { [\"version\"] = 1; };\n");
        foreach (var contact in population.ContactsOf(number))
            file.Append(CultureInfo.InvariantCulture, $"[\"u{contact}@localhost\"] = {{ [\"subscription\"] = \"both\"; [\"groups\"] = {{}}; }};\n");
        return file.Append("};\n").ToString();
    }
}
