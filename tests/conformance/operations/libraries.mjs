// Folders, files, attachments, the two bins, and permissions of items.
import { PermissionKind } from "@pnp/sp/security/index.js";
import { pick, plain } from "../shape.mjs";

const folderOf = (sp, a) => sp.web.getFolderByServerRelativePath(a.folder);
const fileOf = (sp, a) => sp.web.getFileByServerRelativePath(`${a.folder}/${a.name}`);
const itemOf = (sp, a) => sp.web.lists.getByTitle(a.list).items.getById(a.id);
const picked = (found, a) => found.map((one) => pick(one, a.select));

const folders = {
  "folders.add": async (sp, a) => pick(await folderOf(sp, a).folders.addUsingPath(a.name), a.select),
  "folders.read": async (sp, a) => pick(await folderOf(sp, a).select(...a.select)(), a.select),
  "folders.all": async (sp, a) => picked(await folderOf(sp, a).folders.filter(a.filter).select(...a.select)(), a),
  "folders.root": async (sp, a) => pick(await sp.web.lists.getByTitle(a.list).rootFolder.select(...a.select)(), a.select),
  "folders.move": async (sp, a) => {
    await sp.web.getFolderByServerRelativePath(`${a.folder}/${a.name}`).moveByPath(`${a.folder}/${a.to}`);
    return pick(await sp.web.getFolderByServerRelativePath(`${a.folder}/${a.to}`)(), a.select);
  },
  "folders.copy": async (sp, a) => {
    await sp.web.getFolderByServerRelativePath(`${a.folder}/${a.name}`).copyByPath(`${a.folder}/${a.to}`);
    const copied = await sp.web.getFolderByServerRelativePath(`${a.folder}/${a.to}`).files();
    return copied.map((one) => one.Name);
  },
  "folders.delete": async (sp, a) => {
    await folderOf(sp, a).delete();
  },
};

const files = {
  "files.add": async (sp, a) =>
    pick(await folderOf(sp, a).files.addUsingPath(a.name, a.content, { Overwrite: a.overwrite ?? false }), a.select),
  "files.add_in_pieces": async (sp, a) => {
    const bytes = Buffer.alloc(a.size, "0123456789");
    await folderOf(sp, a).files.addChunked(a.name, bytes, { chunkSize: a.piece, Overwrite: true });
    const kept = Buffer.from(await fileOf(sp, a).getBuffer());
    return { size: kept.length, same: kept.equals(bytes) };
  },
  "files.all": async (sp, a) => picked(await folderOf(sp, a).files.select(...a.select)(), a),
  "files.read": async (sp, a) => pick(await fileOf(sp, a).select(...a.select)(), a.select),
  "files.text": async (sp, a) => fileOf(sp, a).getText(),
  "files.replace": async (sp, a) => {
    await fileOf(sp, a).setContent(a.content);
    return fileOf(sp, a).getText();
  },
  "files.item": async (sp, a) => pick(await fileOf(sp, a).listItemAllFields.select(...a.select)(), a.select),
  "files.rename": async (sp, a) => {
    const item = await fileOf(sp, a).getItem();
    await item.update({ FileLeafRef: a.to });
    return sp.web.getFileByServerRelativePath(`${a.folder}/${a.to}`).getText();
  },
  "files.move": async (sp, a) => {
    await fileOf(sp, a).moveByPath(`${a.folder}/${a.to}`, false);
    return sp.web.getFileByServerRelativePath(`${a.folder}/${a.to}`).getText();
  },
  "files.copy": async (sp, a) => {
    await fileOf(sp, a).copyByPath(`${a.folder}/${a.to}`, false);
    return sp.web.getFileByServerRelativePath(`${a.folder}/${a.to}`).getText();
  },
  "files.versions": async (sp, a) => picked(await fileOf(sp, a).versions.select(...a.select)(), a),
  "files.restore_version": async (sp, a) => {
    await fileOf(sp, a).versions.restoreByLabel(a.label);
    return fileOf(sp, a).getText();
  },
  "files.delete_version": async (sp, a) => {
    await fileOf(sp, a).versions.deleteById(a.version);
    return picked(await fileOf(sp, a).versions(), a);
  },
  "files.check_out": async (sp, a) => {
    await fileOf(sp, a).checkout();
    return (await fileOf(sp, a).select("CheckOutType")()).CheckOutType;
  },
  "files.check_in": async (sp, a) => {
    await fileOf(sp, a).checkin("done");
    return (await fileOf(sp, a).select("CheckOutType")()).CheckOutType;
  },
  "files.delete": async (sp, a) => {
    await fileOf(sp, a).delete();
  },
};

const bins = {
  "bin.recycle_file": async (sp, a) => {
    const id = await fileOf(sp, a).recycle();
    return pick(await sp.web.recycleBin.getById(id)(), a.select);
  },
  "bin.restore": async (sp, a) => {
    await sp.web.recycleBin.getById(a.entry).restore();
  },
  "bin.delete": async (sp, a) => {
    await sp.web.recycleBin.getById(a.entry).delete();
    return (await sp.web.recycleBin()).some((one) => one.Id === a.entry);
  },
  "bin.second_stage": async (sp, a) => {
    await sp.web.recycleBin.getById(a.entry).moveToSecondStage();
    return pick(await sp.site.recycleBin.getById(a.entry)(), a.select);
  },
};

const attachments = {
  "attachments.add": async (sp, a) => pick((await itemOf(sp, a).attachmentFiles.add(a.name, a.content)).data, a.select),
  "attachments.all": async (sp, a) => picked(await itemOf(sp, a).attachmentFiles(), a),
  "attachments.text": async (sp, a) => itemOf(sp, a).attachmentFiles.getByName(a.name).getText(),
  "attachments.delete": async (sp, a) => {
    await itemOf(sp, a).attachmentFiles.getByName(a.name).delete();
  },
};

const rights = {
  "items.delete_version": async (sp, a) => {
    await itemOf(sp, a).versions.getById(a.version).delete();
    return (await itemOf(sp, a).versions()).map((one) => one.VersionLabel);
  },
  "items.break": async (sp, a) => {
    await itemOf(sp, a).breakRoleInheritance(a.copy);
    return (await itemOf(sp, a).roleAssignments()).length;
  },
  "items.assign": async (sp, a) => {
    await itemOf(sp, a).roleAssignments.add(a.principal, a.role);
    return (await itemOf(sp, a).roleAssignments()).map((one) => one.PrincipalId);
  },
  "rights.of_list": async (sp, a) => {
    const list = sp.web.lists.getByTitle(a.list);
    const held = await list.getCurrentUserEffectivePermissions();
    return Object.fromEntries(
      ["ViewListItems", "AddListItems", "ManageLists", "ManagePermissions"].map((name) => [
        name,
        list.hasPermissions(held, PermissionKind[name]),
      ]),
    );
  },
  "people.groups": async (sp, a) => picked(await sp.web.currentUser.groups(), a),
  "people.filter": async (sp, a) => plain(picked(await sp.web.siteUsers.filter(a.filter)(), a)),
};

export const libraries = { ...folders, ...files, ...bins, ...attachments, ...rights };
