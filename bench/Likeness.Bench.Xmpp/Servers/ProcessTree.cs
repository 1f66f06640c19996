using System.Globalization;

namespace Likeness.Bench.Xmpp.Servers;

/// <summary>What a process and everything it started use, read from <c>/proc</c>.</summary>
static class ProcessTree
{
    static readonly double secondsPerTick = 1.0 / 100;

    /// <summary>Resident kilobytes and CPU seconds so far.</summary>
    public static (long ResidentKilobytes, double CpuSeconds) Usage(int root)
    {
        var (resident, cpu) = (0L, 0.0);
        foreach (var pid in Members(root))
        {
            try
            {
                resident += ResidentKilobytes(pid);
                var fields = StatFields(pid);
                cpu += (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * secondsPerTick;
            }
            catch (IOException)
            {
                // It ended between the listing and the look.
            }
        }

        return (resident, cpu);
    }

    /// <summary>Open files and sockets.</summary>
    public static int Handles(int root)
    {
        var handles = 0;
        foreach (var pid in Members(root))
        {
            try
            {
                handles += Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count();
            }
            catch (IOException)
            {
                // It ended between the listing and the look.
            }
        }

        return handles;
    }

    public static IReadOnlyList<int> Members(int root)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), out var pid))
                continue;
            try
            {
                var parent = int.Parse(StatFields(pid)[1], CultureInfo.InvariantCulture);
                if (!children.TryGetValue(parent, out var siblings))
                    children[parent] = siblings = [];
                siblings.Add(pid);
            }
            catch (IOException)
            {
                // It ended between the listing and the look.
            }
        }

        var members = new List<int> { root };
        for (var i = 0; i < members.Count; i++)
        {
            if (children.TryGetValue(members[i], out var below))
                members.AddRange(below);
        }

        return members;
    }

    static long ResidentKilobytes(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    // proc(5): the name in parentheses may hold blanks, so count from behind it; [0] is the state, [1] the parent.
    static string[] StatFields(int pid)
    {
        var text = File.ReadAllText($"/proc/{pid}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }
}
