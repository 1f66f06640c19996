using Likeness.Imaging.Tests.Support;

return args switch
{
    ["render-worker"] => FaultyWorker.Run(),
    ["confined-render-worker"] => FaultyWorker.Run(confined: true),
    ["real-render-worker"] => await Likeness.Imaging.Workers.RenderWorker.Run(),
    ["write-golden", var folder] => await GoldenImages.Write(folder),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
