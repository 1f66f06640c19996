using Likeness.Bench.Xmpp;
using Likeness.Bench.Xmpp.Following;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Scenarios;
using Likeness.Bench.Xmpp.Servers;
using Likeness.Bench.Xmpp.Soaking;

if (args is ["follow", .. var words])
{
    await FollowOnce.Run(words);
    return 0;
}

if (args is ["soak", .. var wishes])
{
    if (wishes.Contains("--help", StringComparer.Ordinal))
    {
        Console.WriteLine(Soak.Usage);
        return 0;
    }

    try
    {
        return await Soak.Run(wishes);
    }
    catch (Exception failed) when (failed is FormatException or ScenarioFailedException)
    {
        Console.Error.WriteLine(failed.Message);
        return failed is FormatException ? 2 : 1;
    }
}

if (args.Contains("--help", StringComparer.Ordinal))
{
    Console.WriteLine(BenchOptions.Usage);
    return 0;
}

try
{
    var options = BenchOptions.Parse(args);
    var scenarios = AllScenarios.List
        .Where(scenario => options.Scenarios.Count == 0 || options.Scenarios.Any(wanted => scenario.Name.StartsWith(wanted, StringComparison.Ordinal)))
        .ToList();
    if (scenarios.Count == 0)
        throw new FormatException($"no scenario is called {string.Join(',', options.Scenarios)}");
    var servers = options.Servers.Select(name => Adapters.Find(name, options)).ToList();
    var missing = servers.Where(server => server.Missing is not null).ToList();
    foreach (var server in missing)
        Console.Error.WriteLine($"{server.Name} is missing: {server.Missing}");
    if (missing.Count > 0)
        return 2;

    using var campaign = new Campaign(options, servers, scenarios);
    var runs = await campaign.Play();
    Console.WriteLine(new Report(runs, [.. servers.Select(server => server.Name)], scenarios).Markdown());
    Console.WriteLine($"Every run: {ResultFile.Write(options.Results, runs)}");
    return runs.Any(run => run.Failure is not null) ? 1 : 0;
}
catch (FormatException wrong)
{
    Console.Error.WriteLine($"{wrong.Message}\n\n{BenchOptions.Usage}");
    return 2;
}
