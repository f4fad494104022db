// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Testing.Devnet;

namespace TokenLedger.LoadGenerator;

/// <summary>The whole measurement, in the order in which it is printed.</summary>
internal static class Bench
{
    private const double LightPerSecond = 20;
    private const double ShareOfSaturation = 0.7;

    public static async Task<int> RunAsync(LoadOptions options)
    {
        TimeSpan verify = VerifyCost.Measure();
        int cores = Environment.ProcessorCount;
        double limit = cores / (options.ProcessIds.Length * verify.TotalSeconds);
        Print($"verify cost         {verify.TotalMicroseconds:F1} µs a signature on one core; {cores} cores,"
            + $" {options.ProcessIds.Length} validators: limit {limit:F0} tx/s");

        using var network = new DevnetClient(options.NetworkFolder);

        // A process that has just started compiles its code for a while, which no later minute repeats.
        await Task.Delay(options.Settle);
        var idle = new ProcessUse(options.ProcessIds);
        await Task.Delay(TimeSpan.FromSeconds(5));
        Print($"empty network       {100 * idle.CoresEach():F1} % of a core and at most"
            + $" {idle.MaxResidentMiB():F0} MiB a validator");

        AssetId asset = AssetId.Parse(
            Environment.GetEnvironmentVariable("TL_BENCH_ASSET") ?? "HYDRO-REVENUE");
        PrivateKey[] senders = await Setup.SendersAsync(network, options.Senders, asset);
        Print($"senders             {senders.Length} accounts registered and funded with {asset}");
        var load = new Load(network, senders, asset);

        await load.RunAsync(TimeSpan.FromSeconds(5), LightPerSecond, 1);
        LoadResult light = await load.RunAsync(options.Light, LightPerSecond, 1);
        Print($"light, {LightPerSecond} tx/s      finality p50 {light.Latencies.Percentile(0.5):F0} ms"
            + $"  p99 {light.Latencies.Percentile(0.99):F0} ms  ({light.Latencies.Count} samples)");

        var busy = new ProcessUse(options.ProcessIds);
        LoadResult full = await load.RunAsync(options.Full, null, 50);
        Print(
            $"saturation          accepted {full.AcceptedPerSecond:F0} tx/s  "
            + $"final {full.FinalPerSecond:F0} tx/s"
            + $"  {busy.CoresEach():F2} cores and at most {busy.MaxResidentMiB():F0} MiB a validator");

        double rate = ShareOfSaturation * full.FinalPerSecond;
        LoadResult part = await load.RunAsync(options.Light, rate, 20);
        Print($"{100 * ShareOfSaturation} % of saturation   {part.FinalPerSecond:F0} tx/s  finality p50"
            + $" {part.Latencies.Percentile(0.5):F0} ms  p99 {part.Latencies.Percentile(0.99):F0} ms"
            + $"  ({part.Latencies.Count} samples)");

        Print(
            $"ratio {full.FinalPerSecond / limit:F2}  final {full.FinalPerSecond:F0} tx/s  "
            + $"limit {limit:F0} tx/s  light-p50 {light.Latencies.Percentile(0.5):F0} ms  "
            + $"light-p99 {light.Latencies.Percentile(0.99):F0} ms");
        return 0;
    }

    private static void Print(string line) => Console.WriteLine(line);
}
