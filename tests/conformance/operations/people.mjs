// Users, groups, roles and permissions.
import { pick } from "../shape.mjs";

const listOf = (sp, a) => sp.web.lists.getByTitle(a.list);

export const people = {
  "people.me": async (sp, a) => pick(await sp.web.currentUser(), a.select),
  "people.ensure": async (sp, a) => pick(await sp.web.ensureUser(a.login), a.select),
  "people.by_id": async (sp, a) => pick(await sp.web.getUserById(a.id)(), a.select),
  "people.by_email": async (sp, a) => pick(await sp.web.siteUsers.getByEmail(a.email)(), a.select),
  "people.by_login": async (sp, a) => pick(await sp.web.siteUsers.getByLoginName(a.login)(), a.select),
  "groups.filter": async (sp, a) =>
    (await sp.web.siteGroups.filter(a.filter).select(...a.select)()).map((one) => pick(one, a.select)),
  "groups.add": async (sp, a) => pick(await sp.web.siteGroups.add({ Title: a.title }), a.select),
  "groups.by_name": async (sp, a) => pick(await sp.web.siteGroups.getByName(a.title)(), a.select),
  "groups.members": async (sp, a) => pick(await sp.web.associatedMemberGroup(), a.select),
  "groups.join": async (sp, a) => {
    await sp.web.siteGroups.getByName(a.title).users.add(a.login);
    return (await sp.web.siteGroups.getByName(a.title).users()).map((one) => one.Email);
  },
  "groups.leave": async (sp, a) => {
    await sp.web.siteGroups.getByName(a.title).users.removeById(a.id);
    return (await sp.web.siteGroups.getByName(a.title).users()).map((one) => one.Email);
  },
  "roles.all": async (sp, a) => (await sp.web.roleDefinitions()).map((one) => pick(one, a.select)),
  "roles.by_name": async (sp, a) => pick(await sp.web.roleDefinitions.getByName(a.name)(), a.select),
  "roles.break": async (sp, a) => {
    await listOf(sp, a).breakRoleInheritance(a.copy);
    return (await listOf(sp, a).roleAssignments()).length;
  },
  "roles.reset": async (sp, a) => {
    await listOf(sp, a).resetRoleInheritance();
    return (await listOf(sp, a).select("HasUniqueRoleAssignments")()).HasUniqueRoleAssignments;
  },
  "roles.assign": async (sp, a) => {
    await listOf(sp, a).roleAssignments.add(a.principal, a.role);
  },
  "roles.unassign": async (sp, a) => {
    await listOf(sp, a).roleAssignments.remove(a.principal, a.role);
  },
  "roles.assignments": async (sp, a) =>
    (await listOf(sp, a).roleAssignments.expand("Member", "RoleDefinitionBindings")()).map((one) => ({
      who: one.Member.Title,
      roles: one.RoleDefinitionBindings.map((role) => role.Name),
    })),
};
