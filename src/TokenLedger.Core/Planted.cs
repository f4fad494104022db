// SPDX-License-Identifier: Apache-2.0
#if PLANTED
namespace TokenLedger.Core;

/// <summary>
/// Which planted bug this process has. Only a build with <c>-p:Planted=true</c> contains it, and no program
/// of a network can be built so (src/Directory.Build.props).
/// </summary>
public static class Planted
{
    private static PlantedBug _chosen;

    /// <summary>Whether this process has the bug.</summary>
    public static bool Is(PlantedBug bug) => _chosen == bug;

    /// <summary>Chooses the bug, once in a process and before anything runs.</summary>
    public static void Choose(PlantedBug bug)
    {
        Invariant.Require(_chosen == PlantedBug.None, "a process has one planted bug");
        _chosen = bug;
    }
}
#endif
