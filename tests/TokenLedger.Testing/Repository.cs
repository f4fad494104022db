// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>Where the repository stands on this machine.</summary>
public static class Repository
{
    /// <summary>The folder with TokenLedger.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>A path inside the repository.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        var start = new DirectoryInfo(AppContext.BaseDirectory);
        for (DirectoryInfo? folder = start; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TokenLedger.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No TokenLedger.sln above {AppContext.BaseDirectory}.");
    }
}
