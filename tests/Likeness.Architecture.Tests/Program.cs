using Likeness.Architecture.Tests;
using Likeness.Architecture.Tests.Conformance;

// Without arguments of its own this is the test runner.
if (args is ["write-conformance"])
{
    foreach (var table in ConformanceTable.All)
    {
        await File.WriteAllTextAsync(table.Document, table.Text());
    }

    foreach (var (path, text) in ServedProtocols.Documents)
    {
        await File.WriteAllTextAsync(Path.Combine(Repository.Root, path), text());
    }

    return 0;
}

return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
