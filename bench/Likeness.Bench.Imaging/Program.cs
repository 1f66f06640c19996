using Likeness.Bench.Imaging;
using Likeness.Imaging.Workers;

if (args is ["render-worker"])
{
    return await RenderWorker.Run();
}

if (args.Contains("faces"))
{
    return FaceSpeed.Run(quick: args.Contains("--quick"));
}

try
{
    return await Comparison.Run(quick: args.Contains("--quick"), only: args.FirstOrDefault(argument => !argument.StartsWith('-')));
}
catch (NotSupportedException missing)
{
    await Console.Error.WriteLineAsync(missing.Message);
    return 2;
}
