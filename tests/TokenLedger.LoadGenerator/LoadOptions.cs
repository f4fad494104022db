// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace TokenLedger.LoadGenerator;

/// <summary>What to load and for how long.</summary>
internal sealed record LoadOptions(
    string NetworkFolder, int[] ProcessIds, int Senders, TimeSpan Settle, TimeSpan Light, TimeSpan Full)
{
    public static LoadOptions? Parse(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            values[args[i]] = args[i + 1];
        }

        string[] known =
        [
            "--network", "--pids", "--senders", "--settle-seconds", "--light-seconds", "--full-seconds",
        ];
        if (args.Length % 2 != 0
            || !values.TryGetValue("--network", out string? network)
            || !values.TryGetValue("--pids", out string? processIds)
            || values.Keys.Except(known).Any())
        {
            return null;
        }

        return new LoadOptions(
            Path.GetFullPath(network),
            [.. processIds.Split(',').Select(Number)],
            Number(values.GetValueOrDefault("--senders", "400")),
            Seconds("--settle-seconds", "30"),
            Seconds("--light-seconds", "20"),
            Seconds("--full-seconds", "20"));

        TimeSpan Seconds(string name, string usual) =>
            TimeSpan.FromSeconds(Number(values.GetValueOrDefault(name, usual)));
    }

    private static int Number(string text) =>
        int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
