namespace Likeness.Cli.Demo;

/// <summary>A step of the demo showed something else than it should.</summary>
internal sealed class DemoFailedException(string message) : Exception(message)
{
    public static void Unless(bool asExpected, string message)
    {
        if (!asExpected)
        {
            throw new DemoFailedException(message);
        }
    }
}
