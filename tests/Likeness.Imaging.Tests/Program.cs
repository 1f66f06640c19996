using Likeness.Imaging.Tests.Support;

return args switch
{
    ["render-worker"] => FaultyWorker.Run(),
    ["render-worker-without-libvips"] => await FaultyWorker.RunWithoutLibvips(),
    ["write-golden", var folder] => await GoldenImages.Write(folder),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
