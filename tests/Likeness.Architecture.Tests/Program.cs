using Likeness.Architecture.Tests.Conformance;

// Without arguments of its own this is the test runner.
if (args is ["write-conformance"])
{
    await File.WriteAllTextAsync(ConformanceTable.Document, ConformanceTable.Text());
    return 0;
}

return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
