namespace Likeness.Http.Tests.Hosting;

/// <summary>The two ways a request can take: straight from the connection, or through the web server.</summary>
internal sealed class Ways : TheoryData<bool>
{
    public Ways()
    {
        Add(true);
        Add(false);
    }
}
