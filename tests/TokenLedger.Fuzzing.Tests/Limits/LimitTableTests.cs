// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Reflection;
using TokenLedger.Testing;

namespace TokenLedger.Fuzzing.Tests.Limits;

/// <summary>Each constant of Limits is tried at its value and above, here or where its row says.</summary>
public sealed class LimitTableTests
{
    private static readonly string[] Sources =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)),
    ];

    public static TheoryData<string> Tried =>
        [.. LimitTable.Rows.Where(row => row.Taken is not null).Select(row => row.Name)];

    [Fact]
    public void Limits_EachConstant_HasOneRowAndEachRowAConstant()
    {
        Assert.Equal(Constants().Keys.Order(), LimitTable.Rows.Select(row => row.Name).Order());
        Assert.All(LimitTable.Rows, row => Assert.Single(
            new object?[] { row.Taken, row.Test, row.Reason }, way => way is not null));
    }

    [Theory]
    [MemberData(nameof(Tried))]
    public void Limits_AtItsValueAndOneAbove_IsTakenAndRefused(string name)
    {
        Func<long, bool> taken = LimitTable.Rows.Single(row => row.Name == name).Taken!;
        long limit = Constants()[name];
        Assert.True(taken(limit), $"{name}: {limit} is refused");
        Assert.False(taken(limit + 1), $"{name}: {limit + 1} is taken");
    }

    [Fact]
    public void Rows_TestsThatTheyName_Exist() => Assert.All(
        LimitTable.Rows.Where(row => row.Test is not null), row =>
        {
            string[] parts = row.Test!.Split('.');
            Assert.Contains(
                Sources.Where(path => Path.GetFileName(path) == parts[0] + ".cs"),
                path => File.ReadAllText(path).Contains($" {parts[1]}(", StringComparison.Ordinal));
        });

    private static Dictionary<string, long> Constants() => typeof(Core.Limits)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .ToDictionary(
            field => field.Name,
            field => Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture));
}
