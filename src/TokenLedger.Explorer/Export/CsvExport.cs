// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using TokenLedger.Explorer.Web;
using TokenLedger.Explorer.Web.Sheets;

namespace TokenLedger.Explorer.Export;

/// <summary>Writes a table as a file, or computes what the file would be, and lets others come in
/// between.</summary>
internal static class CsvExport
{
    /// <summary>Writes all rows into the answer. A reader that does not read is cut off.</summary>
    /// <exception cref="OperationCanceledException">The reader went, or was cut off.</exception>
    public static async Task WriteAsync(
        HttpContext context, CsvTable table, ulong height, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/csv; charset=utf-8; header=present";
        context.Response.Headers.ContentDisposition =
            $"attachment; filename=\"{table.Name}-at-{height}.csv\"";
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new MinDataRate(
                SiteLimits.FileBytesASecond, TimeSpan.FromSeconds(SiteLimits.FileGraceSeconds));
        }

        await RunAsync(
            context.Response.Body, table, height, static async _ => await Task.Yield(), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Reads all rows and says what their file is. It takes at most half of one processor's
    /// time.</summary>
    public static Task<CsvManifest> DescribeAsync(
        CsvTable table, ulong height, TimeProvider clock, CancellationToken cancellationToken) => RunAsync(
            Stream.Null, table, height, worked => Task.Delay(worked, clock, cancellationToken),
            cancellationToken);

    private static async Task<CsvManifest> RunAsync(
        Stream output, CsvTable table, ulong height, Func<TimeSpan, Task> rest,
        CancellationToken cancellationToken)
    {
        using var writer = CsvWriter.Begin(output, table.Header);
        int rows = 0;
        long began = Stopwatch.GetTimestamp();
        await foreach (IReadOnlyList<string> row in table.Rows(cancellationToken).ConfigureAwait(false))
        {
            await writer.WriteAsync(row, cancellationToken).ConfigureAwait(false);
            if (++rows % SiteLimits.RowsAtATime == 0)
            {
                await rest(Stopwatch.GetElapsedTime(began)).ConfigureAwait(false);
                began = Stopwatch.GetTimestamp();
            }
        }

        return await writer.CompleteAsync(height, cancellationToken).ConfigureAwait(false);
    }
}
