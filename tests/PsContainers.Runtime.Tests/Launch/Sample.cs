using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Launch;

namespace PsContainers.Runtime.Tests.Launch;

/// <summary>A specification that can be launched, and what becomes of it.</summary>
internal static class Sample
{
    public static ProcessSpec Process => Spec().Process!;

    public static RuntimeSpec Spec()
    {
        var standard = DefaultRuntimeSpec.Create();
        return standard with { Process = standard.Process! with { Args = ["true"] } };
    }

    public static LaunchPlan Plan(RuntimeSpec spec) => LaunchPlan.Build(spec, new LaunchOptions
    {
        Id = "sample",
        RootPath = "/sample",
        Cgroups = CgroupPlan.Build(CgroupHierarchies.OfSelf(), "/sample", resources: null),
    });

    public static InvalidSettingException Refusal(RuntimeSpec spec) => Assert.Throws<InvalidSettingException>(() => Plan(spec));
}
