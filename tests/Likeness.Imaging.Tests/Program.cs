using Likeness.Imaging.Tests.Support;

return args switch
{
    ["render-worker"] => FaultyWorker.Run(),
    ["real-render-worker"] => await Likeness.Imaging.Workers.RenderWorker.Run(Console.OpenStandardInput(), Console.OpenStandardOutput()),
    ["write-golden", var folder] => await GoldenImages.Write(folder),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
